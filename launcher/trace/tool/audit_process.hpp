// Asks the audit log from a process of its own, which may reach the database when this one no longer may.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "helper_process.hpp"
#include "plugins/auditlog/audit_query.hpp"
#include "plugins/auditlog/chain.hpp"

namespace steg_trace::tool {

struct AuditAnswer {
  std::map<std::string, std::vector<audit::AuditRow>> rows;  ///< of each ID; the verified ones first
  bool intact = false;                                       ///< the log was verified and is as it was written
};

class AuditProcess {
 public:
  /// Forks: call it before there are other threads. The process ends with this object. With a key the log is verified.
  AuditProcess(const std::string& database, const audit::Query& query, const std::optional<audit::ChainKey>& key);
  /// The records of these IDs that fit the query. Throws HelperError.
  AuditAnswer rows_of(const std::set<std::string>& ids);

 private:
  HelperProcess process_;
};

}  // namespace steg_trace::tool
