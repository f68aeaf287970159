// How visible the mark is, beside what x264 takes away.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "clip.hpp"

namespace robustness {

/// Butteraugli of some frames of one kind against the original ones.
struct Visibility {
  std::string what;    ///< "mark": the marked clip before any codec; "crf23": the unmarked clip after x264
  int scale = 1;       ///< both pictures are looked at so many times as large
  std::string frames;  ///< their kind: "key", "between" or "epoch", the first one of an epoch
  int count = 0;
  double maximum = 0;  ///< of all the frames
  double norm3 = 0;    ///< mean of the frames
};

/// Of one `what` and `scale`: all kinds together. `count` is 0 if there is nothing of it.
Visibility overall(const std::vector<Visibility>& measured, const std::string& what, int scale);

inline constexpr const char* kMarkItself = "mark";

struct LookedAt {
  int number;  ///< of the frame
  std::string kind;
};

/// Frames to look at, by number: `each` key frames of a streamer's encoder, as many between two of them, and the first
/// one of an epoch, as far as the clip has them. Key frames that change the epoch, too, are left to the last kind.
std::vector<LookedAt> frames_to_look_at(const Clip& clip, int each);

/// Measures them at 100% and at twice the size, and the same frames of the unmarked clip at CRF 23, 18 and 16. Files
/// are written into `folder`. Throws std::runtime_error.
std::vector<Visibility> measure_visibility(const Clip& clip, int each, const std::filesystem::path& folder);

}  // namespace robustness
