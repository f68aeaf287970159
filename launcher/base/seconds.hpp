// Durations in the unit that pipeline files use.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>

namespace launcher {

using Seconds = std::chrono::duration<double>;

}  // namespace launcher
