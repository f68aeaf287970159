// Asks the audit log from a process of its own, which may reach the database when this one no longer may.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "plugins/auditlog/audit_query.hpp"

namespace trace {

class AuditProcess {
 public:
  /// Forks: call it before there are other threads. The process ends with this object.
  AuditProcess(const std::string& database, const audit::Query& query);
  ~AuditProcess();
  AuditProcess(const AuditProcess&) = delete;
  AuditProcess& operator=(const AuditProcess&) = delete;

  /// The records of that ID that fit the query. Throws audit::AuditError.
  std::vector<audit::AuditRow> rows_of(const std::string& id);

 private:
  int socket_ = -1;
  int process_ = -1;
};

}  // namespace trace
