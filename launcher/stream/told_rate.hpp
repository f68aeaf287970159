// Decides which frame rate an H.264 encoder is told, because its level follows from that.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace launcher {

/// The first number in table A-1 of ITU-T H.264 (level_idc) that allows so many macroblocks a second; the highest one
/// if none does. Other limits of the levels do not depend on the rate.
int h264_level(int width, int height, double frames_per_second);

class ToldRate {
 public:
  /// The picture's format says this; a rate of 0 is unknown. Returns the rate to tell the encoder.
  double declare(int width, int height, double rate);

  /// So much was measured. True if the encoder is to be told another rate now, which is told().
  bool measure(double rate);

  double told() const { return told_; }

 private:
  double best() const;
  int level(double rate) const { return h264_level(width_, height_, rate); }

  int width_ = 0;
  int height_ = 0;
  double declared_ = 0;
  double measured_ = 0;
  double told_ = 0;
};

}  // namespace launcher
