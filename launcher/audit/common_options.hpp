// What several commands take.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "audit_query.hpp"
#include "chain.hpp"
#include "options.hpp"

namespace auditor {

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
