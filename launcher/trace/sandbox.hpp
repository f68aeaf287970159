// Takes from this process what it does not need for reading copies that strangers made.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace trace {

/// From now on this thread and those that it starts can read the system's libraries, `readable` and nothing else, can
/// write no file that is not open yet, start no program, and reach no network unless `network` is set. Returns what the
/// system could do of that, such as "Landlock 4, seccomp"; "none" if nothing. Call it before there are other threads.
std::string enter_sandbox(const std::vector<std::string>& readable, bool network);

}  // namespace trace
