// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture_pause.hpp"

namespace launcher {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
/// The muxer keeps sound back until the next picture: often enough that no player runs dry.
constexpr std::int64_t kPeriod = kSecond / 5;
/// FLV counts milliseconds.
constexpr std::int64_t kLeastStep = kSecond / 1000;

}  // namespace

std::int64_t PicturePause::frame(std::int64_t time, Seconds now) {
  // Decoders that sort frames give out the last ones before a pause only after it. A step back is not theirs.
  const bool overtaken = frame_ && time > *frame_ && time <= encoded_;
  frame_ = time;
  came_ = now;
  encoded_ = overtaken ? encoded_ + kLeastStep : time;
  return encoded_;
}

bool PicturePause::sound(std::int64_t time, Seconds now) {
  if (after_ <= Seconds(0) || !frame_) return false;
  // Frames under way, or a source whose sound is early, are no pause.
  const bool paused = Seconds(static_cast<double>(time - sent_) / kSecond) >= after_ && now - came_ >= after_;
  if (!paused || time - encoded_ < kPeriod) return false;
  encoded_ = time;
  return true;
}

}  // namespace launcher
