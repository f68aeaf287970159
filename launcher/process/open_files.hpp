// How many files the process may have open.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>

namespace launcher {

/// Raises the limit as far as the system lets us, and returns it.
std::size_t raise_open_files();

}  // namespace launcher
