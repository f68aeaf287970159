// Says when a frame is encoded again because the source's picture pauses while its sound goes on.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "launcher/base/seconds.hpp"

namespace launcher {

/// Times of the stream are running times in nanoseconds; `now` is on any clock that does not go back.
class PicturePause {
 public:
  /// after: how long the picture may lag behind the sound; 0: for ever.
  explicit PicturePause(Seconds after) : after_(after) {}

  /// The source has sent a picture.
  void picture(std::int64_t time) { sent_ = time; }

  /// A frame from the source reaches the encoder. Returns its time for the encoder: later than those of repeated
  /// frames.
  std::int64_t frame(std::int64_t time, Seconds now);

  /// The source has sent sound: true if the last frame is to be encoded again with this time, which counts as done.
  bool sound(std::int64_t time, Seconds now);

 private:
  Seconds after_;
  std::int64_t sent_ = 0;
  std::optional<std::int64_t> frame_;  ///< the last one from the source
  Seconds came_{0};                    ///< when that reached the encoder
  std::int64_t encoded_ = 0;           ///< the last time that the encoder was given
};

}  // namespace launcher
