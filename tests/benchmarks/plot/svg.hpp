// What the charts share.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace plot {

/// Text with what XML reserves written as entities.
std::string escaped(const std::string& text);

/// Throws std::runtime_error if the file cannot be written.
void write_svg(const std::string& svg, const std::string& path);

}  // namespace plot
