// Values on a line of text.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

#include "event.hpp"

namespace audit {

/// The values with tabs between them. What would break the line apart is percent-encoded (RFC 3986); a lone "-" is
/// NULL.
std::string join_line(const Row& values);

/// What join_line() was given.
Row split_line(std::string_view line);

}  // namespace audit
