// SPDX-License-Identifier: LGPL-2.1-or-later
#include "segment_borders.hpp"

#include <algorithm>
#include <cstdio>
#include <iterator>

namespace launcher {
namespace {

constexpr double kNanosecondsPerSecond = 1e9;
/// By so much a frame may be given another time behind stegencode, where a picture pauses. No file is shorter than 1 s.
constexpr std::uint64_t kTolerance = 100'000'000;
/// More than sinks are behind.
constexpr std::size_t kMostBorders = 4096;

}  // namespace

void SegmentBorders::begins(std::uint64_t time) {
  borders_.insert(time);
  if (borders_.size() > kMostBorders) borders_.erase(borders_.begin());
}

std::string SegmentBorders::closed(const std::string& sink, std::uint64_t time) const {
  const auto begun = opened_.find(sink);
  if (begun == opened_.end() || borders_.empty()) return "";
  const std::uint64_t from = begun->second;
  const auto first = borders_.lower_bound(std::max(from, kTolerance) - kTolerance);
  const bool begins_segment = first != borders_.end() && *first <= from + kTolerance;
  const auto last = borders_.lower_bound(std::max(from + 2 * kTolerance + 1, time) - kTolerance);
  const auto held = begins_segment ? std::distance(first, last) : 0;
  if (held == 1) return "";
  char text[640];
  if (begins_segment) {
    std::snprintf(text, sizeof text,
                  "%s: the file from %.2f to %.2f s holds %d segments and must hold one, or no copy can be traced: the "
                  "encoder made no key frame where the next one begins. An encoder that holds back the frames of two "
                  "segments or more drops requests. Make segments longer (segment-duration and target-duration), or "
                  "let it hold back less: with x264enc by tune=zerolatency, a smaller rc-lookahead or fewer threads",
                  sink.c_str(), static_cast<double>(from) / kNanosecondsPerSecond,
                  static_cast<double>(time) / kNanosecondsPerSecond, static_cast<int>(held));
  } else {
    std::snprintf(
        text, sizeof text,
        "%s: the file that begins at %.2f s begins inside a segment, and no copy could be traced: make "
        "target-duration as long as segment-duration, and let the encoder make no key frames of its own (with "
        "x264enc by option-string=scenecut=0 and a large key-int-max)",
        sink.c_str(), static_cast<double>(from) / kNanosecondsPerSecond);
  }
  return text;
}

}  // namespace launcher
