// Which coded frames need not be decoded, because what they show is known from their neighbours.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>

namespace trace {

/// Works on groups of pictures: a key frame and those that refer to it. Where that is allowed, only the key frames of
/// three in four groups are decoded, the fourth group whole; which one differs, as the frames of FrameSampler do. Where
/// groups are longer than kLongest seconds too much could happen between two key frames: all is decoded there.
///
/// One thread asks needed(); the others are for any thread.
class GroupSkipper {
 public:
  /// Groups that end before that time, seconds, may be left out; 0 forbids it.
  void allow_until(double time) { until_ = time; }

  /// Whether the decoder needs the next coded frame. `key`: it refers to no other. `time`: seconds; those of key frames
  /// ascend.
  bool needed(bool key, double time);

  /// Whether any frame was left out so far.
  bool left_out() const { return left_out_; }

  static constexpr double kLongest = 5.1;

 private:
  void begin_group(double time);

  std::atomic<double> until_{0};
  std::atomic<bool> left_out_{false};
  int groups_ = 0;         ///< begun
  double begun_ = 0;       ///< when the present one was
  double longest_ = 0;     ///< of those before it, seconds
  bool only_key_ = false;  ///< of the present one
};

}  // namespace trace
