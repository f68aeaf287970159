// Records as table, JSON and CSV.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "plugins/auditlog/audit_query.hpp"

namespace auditor {

std::string records_table(const std::vector<audit::AuditRow>& rows);
/// An array of objects; the fields are those of steg-trace's audit rows.
std::string records_json(const std::vector<audit::AuditRow>& rows);
/// RFC 4180, with a header. Nothing (a time that is not known) is an empty field, empty text is "".
std::string records_csv(const std::vector<audit::AuditRow>& rows);

}  // namespace auditor
