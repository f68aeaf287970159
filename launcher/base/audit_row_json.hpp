// A record of the audit log as JSON, as the HTTP server, steg-trace and steg-audit give it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "json_node.hpp"
#include "plugins/auditlog/audit_query.hpp"

namespace launcher {

/// What stands for an address that is not there; `client_ip_removed` says whether it ever was.
enum class NoAddress { null, empty_text };

/// An object.
JsonNodePtr audit_row_json(const audit::AuditRow& row, NoAddress no_address = NoAddress::null);

}  // namespace launcher
