// What steg-trace says of a copy.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <string>

namespace robustness {

struct Tracing {
  bool tried = false;      ///< the copy was given to steg-trace; else the rest says nothing
  bool found = false;      ///< the ID that is embedded, at p <= 1e-9
  int wrong = 0;           ///< segments with another ID
  double signature = 0;    ///< S of the ID that is embedded, 0 if it was not found
  int places = 0;          ///< at which signatures were tried until then; 0 if the copy was read as it is
  std::string how;         ///< the search's words for how the picture lay; empty if the copy was read as it is
  double cpu_seconds = 0;  ///< of the whole process, of its start too
};

/// Runs `program`, a steg-trace, on one thread. Throws std::runtime_error if it cannot read the copy.
Tracing trace_copy(const std::string& program, const std::filesystem::path& copy, const std::string& id);

/// What steg-trace --json wrote, for one file. Throws std::runtime_error if it is not that, or says that the file could
/// not be read.
Tracing parse_trace(const std::string& json, const std::string& id);

}  // namespace robustness
