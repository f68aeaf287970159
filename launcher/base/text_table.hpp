// Tables for people, on a terminal.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace launcher {

/// UTF-8 text that a terminal only shows: control characters, marks that change the direction of writing and bytes that
/// are not UTF-8 become "\xNN", byte by byte.
std::string printable(const std::string& text);

/// Columns as wide as they need to be, two blanks apart, every row indented by `indent` blanks. Cells are made
/// printable().
std::string text_table(const std::vector<std::vector<std::string>>& rows, std::size_t indent);

}  // namespace launcher
