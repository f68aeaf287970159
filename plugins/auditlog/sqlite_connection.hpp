// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>

#include "connection.hpp"

namespace audit {

/// Opens an SQLite file in WAL mode, commits durable (synchronous=FULL). Access::read does not create it.
std::unique_ptr<Connection> connect_sqlite(const std::string& path, Access access, const Deadline& deadline);

}  // namespace audit
