// How large a picture may be.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

namespace trace {

/// 8192 x 8192.
inline constexpr std::int64_t kDefaultMaxPixels = 67'108'864;

}  // namespace trace
