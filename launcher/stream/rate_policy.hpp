// Keeps an encoder's key frames and bit rate in real time, whatever the frame rate turns out to be.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>

namespace launcher {

/// Says when to ask the encoder for a key frame, by the timestamps of the frames. Counting frames
/// (key-int-max) would need a frame rate that is known beforehand and never changes.
class KeyFrameSchedule {
 public:
  /// interval: nanoseconds between two key frames, > 0.
  explicit KeyFrameSchedule(std::int64_t interval) : interval_(interval) {}

  /// A frame with this timestamp (ns) is about to be encoded: true if it should become a key frame. Half a frame of
  /// earliness is allowed, so that an interval of two seconds is 60 frames at 29.97 per second and not 61. A timestamp
  /// that goes back starts the interval again.
  bool due(std::int64_t timestamp);

  /// The encoder made a key frame (of its own accord, or because someone asked) with this timestamp (ns).
  void key_frame(std::int64_t timestamp);

 private:
  std::int64_t interval_;
  std::optional<std::int64_t> last_key_;
  std::optional<std::int64_t> last_frame_;
};

/// The values to set on an encoder that assumes `caps_rate` frames a second, so that it produces `wanted` when
/// `measured_rate` frames a second arrive.
struct RateCorrection {
  unsigned bitrate = 0;     ///< in the unit of `wanted`, at least 1
  unsigned vbv_buffer = 0;  ///< in the unit of the wanted buffer (a time)
};

/// x264 spends bitrate / caps_rate on each frame (ITU-T H.264 annex C buffers work in the same time base): with real
/// rate r the stream gets r / caps_rate times too much. A rate that is 0 or less is unknown and changes nothing.
RateCorrection correct_rate(unsigned wanted_bitrate, unsigned wanted_vbv_buffer, double caps_rate,
                            double measured_rate);

}  // namespace launcher
