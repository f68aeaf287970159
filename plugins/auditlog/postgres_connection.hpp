// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>

#include "connection.hpp"

namespace audit {

/// Connects through libpq, which also takes PGSERVICE, PGPASSFILE and the other variables of its environment. No wait
/// is longer than connect_timeout (5 s by default), 30 s for a statement, or the deadline. Access::read makes
/// transactions read-only.
std::unique_ptr<Connection> connect_postgres(const std::string& uri, Access access, const Deadline& deadline);

/// Throws AuditError if libpq cannot parse the URI.
void check_postgres_uri(const std::string& uri);
std::string postgres_identity(const std::string& uri);
std::string postgres_without_password(const std::string& uri);

}  // namespace audit
