// Which IDs can be embedded.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

#include "description.hpp"

namespace launcher {

/// Throws ConfigError, with a sentence that says what to do, unless the ID is 1 to 7 bytes of UTF-8 without control
/// characters.
void check_id(std::string_view id);

}  // namespace launcher
