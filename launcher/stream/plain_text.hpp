// Text without Pango's markup.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

namespace launcher {

/// "a &amp; <i>b</i>" becomes "a & b".
std::string plain_text(std::string_view markup);

}  // namespace launcher
