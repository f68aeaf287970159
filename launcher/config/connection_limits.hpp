// How many HTTP connections there may be at once.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>

namespace launcher {

struct ConnectionLimits {
  std::size_t most = 512;
  std::size_t most_per_address = 64;
};

}  // namespace launcher
