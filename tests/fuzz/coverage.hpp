// Whether an input went where none went before. Code that was compiled with -fsanitize-coverage=trace-pc tells.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>

namespace fuzz {

/// How many kinds of steps, from one block of code to the next, were new since the last call: with how often they were
/// taken, in powers of two. Always 0 where nothing was compiled so.
std::size_t new_steps();

}  // namespace fuzz
