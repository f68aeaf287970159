// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>

namespace steg {

/// Widths, heights and coordinates are int, so that they may be negative; positions in containers are not.
constexpr std::size_t index(int i) { return static_cast<std::size_t>(i); }

}  // namespace steg
