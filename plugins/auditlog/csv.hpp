// Rows as comma-separated values.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "event.hpp"

namespace audit {

/// One record of RFC 4180 with CR LF at its end. NULL is an empty field; empty text is "", as PostgreSQL's COPY has it.
std::string csv_line(const Row& row);

}  // namespace audit
