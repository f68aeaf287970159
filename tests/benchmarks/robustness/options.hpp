// The command line.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "attack.hpp"

namespace robustness {

struct Options {
  std::string clips, stills;     ///< folders
  std::vector<int> lines = {0};  ///< that clips are scaled down to before they are marked; 0 leaves them
  std::string match;             ///< only files whose names contain it
  std::vector<Attack> attacks, still_attacks;
  double seconds = 10;
  double rate = 10;  ///< frames read a second
  double strength = 1;
  int residual_interval = 1;
  int look_at = 2;                 ///< key frames of each clip, and as many between, for Butteraugli; 0 leaves it out
  std::string encoder, extractor;  ///< model files; empty for the default
  std::string tracer;              ///< the program that reads copies whose picture was moved
  int jobs = 1;
  std::string work;                           ///< folder for copies
  bool keep = false;                          ///< leave them there
  std::string json, markdown, plots, frames;  ///< results; empty if not wanted
  std::vector<std::string> results;           ///< of earlier runs, to report on instead of measuring
};

/// Throws std::invalid_argument or launcher::UsageError with a sentence for the user. Ends the program after --help.
Options parse_options(int argc, char** argv);

}  // namespace robustness
