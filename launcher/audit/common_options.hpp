// What several commands take.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "options.hpp"
#include "plugins/auditlog/audit_query.hpp"
#include "plugins/auditlog/chain.hpp"
#include "plugins/auditlog/text.hpp"

namespace auditor {

/// The minute of a time on the command line. Throws UsageError if it cannot be read.
std::string minute_of(const std::string& time, audit::DayEdge edge);

/// --database; the same default as the element's.
struct DatabaseOption {
  std::string uri = "sqlite:steg-audit.db";
  void add(Options& options);
};

/// --key-file, once or several times.
struct KeyOption {
  std::vector<std::string> files;
  void add(Options& options);
  /// Of the files, or of the public default key, with a notice on the error output. Throws steg::KeyError.
  std::vector<audit::ChainKey> keys() const;
};

/// Which records: --id, --client-ip, --stream, --from, --to.
struct FilterOption {
  std::string id, client_ip, stream, from, to;
  void add(Options& options);
  /// Throws UsageError if a time cannot be read.
  audit::Query query() const;
};

}  // namespace auditor
