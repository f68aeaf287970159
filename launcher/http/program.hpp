// Another program, run within limits, whose answer comes later.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "launcher/base/bytes.hpp"
#include "push_connection.hpp"

namespace launcher {

struct ProgramResult {
  bool in_time = true;   ///< it stayed within its time, also that of the CPU
  int exit_status = -1;  ///< -1: ended by a signal
  std::string output;
  std::string errors;
};

struct ProgramLimits {
  unsigned cpu_seconds;
  unsigned seconds;          ///< of time; more than that of the CPU, which others may need
  std::size_t memory_bytes;  ///< of data
};

/// What a program is given.
struct ProgramInput {
  Bytes text;     ///< its standard input
  int file = -1;  ///< a descriptor, borrowed, that it finds as kProgramFile; -1: none
};
constexpr const char* kProgramFile = "/proc/self/fd/3";

/// Runs arguments[0] with low priority and calls `done` from the main loop. It is killed beyond its limits, and when
/// this process ends. Returns what ends it before, which is `done`, too; that does nothing later. Throws
/// std::runtime_error if it cannot be started.
std::function<void()> run_program(const std::vector<std::string>& arguments, const ProgramInput& input,
                                  ProgramLimits limits, std::function<void(const ProgramResult&)> done);

/// The program's path: beside our own executable, in a subfolder of that (as in a build folder), or in $PATH; empty if
/// it is nowhere.
std::string find_program(const std::string& name, const std::string& subfolder);

}  // namespace launcher
