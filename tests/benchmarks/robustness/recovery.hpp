// How well the ID of a copy is read.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <string>

#include "extractor.hpp"

namespace robustness {

inline constexpr std::array<int, 3> kWindows = {1, 5, 10};  ///< seconds

/// How many were read, and from how many the right ID came at p <= 1e-9.
struct Share {
  int count = 0;
  int found = 0;
  double percent() const { return count > 0 ? 100.0 * found / count : 0; }
  void add(const Share& other) {
    count += other.count;
    found += other.found;
  }
};

struct Recovery {
  Share frames;                                ///< read alone
  std::array<Share, kWindows.size()> windows;  ///< that follow each other; a shorter copy is one window as a whole
  Share whole;                                 ///< the sum of all frames, one window
  double signature = 0;                        ///< S of the ID that is embedded, in that sum
  int wrong = 0;                               ///< readings of another ID at p <= 1e-9
  double mean_z = 0;                           ///< of single frames over the 256 code bits
  double bit_accuracy = 0;
  double kbps = 0;  ///< of the copy's file
};

/// A frame read alone.
struct FrameReading {
  double time;   ///< seconds
  int epoch;     ///< its phase, told by the pilot
  double pilot;  ///< of that phase
  double mean_z;
  double bit_accuracy;
  double signature;  ///< S of the ID that is embedded
  bool found;
};

struct ReadPlan {
  std::string id;                                       ///< that is embedded
  double rate;                                          ///< frames taken per second
  std::function<void(const FrameReading&)> each_frame;  ///< may be empty
};

/// Reads as steg-trace does, with the same decoder and sums over the frames taken in each window. Frames are taken at
/// irregular times: key frames, which come at regular ones and read best, would be met too often. Throws
/// std::runtime_error.
Recovery read_copy(const std::filesystem::path& file, const ReadPlan& plan, steg::Extractor& extractor);

}  // namespace robustness
