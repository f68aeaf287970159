// Rows as comma-separated values.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "event.hpp"

namespace audit {

/// One record of RFC 4180 with CR LF at its end. NULL is an empty field; empty text is "", as PostgreSQL's COPY has it.
std::string csv_line(const Row& row);

/// The records of a text of csv_line()s. Throws AuditError if it is none.
std::vector<Row> csv_rows(const std::string& text);

}  // namespace audit
