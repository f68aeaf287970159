// Another program, run within limits, whose answer comes later.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "push_connection.hpp"

namespace launcher {

struct ProgramResult {
  bool in_time = true;
  int exit_status = -1;  ///< -1: ended by a signal
  std::string output;
  std::string errors;
};

/// Runs arguments[0] and calls `done` from the main loop. It has low priority, at most `seconds` of time and as much
/// CPU time, and is killed after that. `input` is its standard input. Throws std::runtime_error if it cannot be
/// started.
void run_program(const std::vector<std::string>& arguments, Bytes input, unsigned seconds,
                 std::function<void(const ProgramResult&)> done);

/// The program's path: beside our own executable, in a subfolder of that (as in a build folder), or in $PATH; empty if
/// it is nowhere.
std::string find_program(const std::string& name, const std::string& subfolder);

}  // namespace launcher
