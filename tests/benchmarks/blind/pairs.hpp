// Makes blind pairs from clips.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "pair_files.hpp"

namespace blind {

/// A place that somebody chose.
struct ListedPlace {
  std::string clip;  ///< the file's name
  int frame = 0;
  int x = 0, y = 0;  ///< of the corner at 100%
};

/// "CLIP:FRAME:X,Y". Throws std::invalid_argument.
ListedPlace parse_place(const std::string& text);

struct PairOptions {
  std::filesystem::path clips;  ///< folder
  std::string match;            ///< only files whose names contain it
  std::filesystem::path out;    ///< folder; made if it is not there
  std::filesystem::path key;
  std::vector<ListedPlace> places;  ///< in the clips they name, no other place is taken
  bool x264 = false;                ///< pairs of original and x264 at CRF 16 as well, of the same places
  double seconds = 5;               ///< of each clip
  double strength = 1;
  std::string encoder;     ///< model file; empty for the default
  std::uint64_t seed = 0;  ///< of what is left to chance
};

/// Marks the clips with the real elements and writes the pairs, a form for the answers, and the key. Says on stderr
/// what is being done. Returns how many pairs there are. Throws std::runtime_error.
int make_pairs(const PairOptions& options);

}  // namespace blind
