// What reading a copy costs: steg-trace over files, in processes of their own.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace performance {

struct CopyCost {
  std::string what;
  double cpu;     ///< s of the process and all its threads
  double length;  ///< s of video
};

/// steg-trace, the program at that path, on one thread: a marked 1080p copy, one whose picture was cropped and one
/// without a mark, which takes the whole search. Throws std::runtime_error, also if it does not find what is there.
std::vector<CopyCost> time_copies(const std::string& program, const std::string& clip);

}  // namespace performance
