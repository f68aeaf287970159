// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_keeper.hpp"

#include <utility>

namespace trace {
namespace {

constexpr std::size_t kMostKept = 4 * FrameKeeper::kMoments;
constexpr double kBetweenFrames = 0.1;  // seconds, so that noise differs and the epoch does not
constexpr double kPatience = 0.5;       // share of the spacing that a key frame is waited for

std::vector<std::uint8_t> copy_of(const steg::sync::LumaView& plane) {
  std::vector<std::uint8_t> samples;
  samples.reserve(static_cast<std::size_t>(plane.width) * static_cast<std::size_t>(plane.height));
  for (int y = 0; y < plane.height; ++y) {
    const std::uint8_t* row = plane.luma + y * plane.stride;
    samples.insert(samples.end(), row, row + plane.width);
  }
  return samples;
}

steg::sync::Picture copy_of(const steg::sync::Planes& frame, double time) {
  steg::sync::Picture picture{frame.luma.width, frame.luma.height, copy_of(frame.luma), time};
  if (!frame.has_chroma()) return picture;
  picture.chroma_width = frame.cb.width;
  picture.chroma_height = frame.cb.height;
  picture.cb = copy_of(frame.cb);
  picture.cr = copy_of(frame.cr);
  return picture;
}

}  // namespace

void FrameKeeper::add(const steg::sync::Planes& frame, double time, bool key) {
  if (!kept_.empty()) {
    Kept& last = kept_.back();
    const steg::sync::Picture& first = kept_.front().frames.front();
    if (first.width != frame.luma.width || first.height != frame.luma.height) return;
    const double since = time - last.time;
    if (since < spacing_) {
      if (last.frames.size() < kFrames && since >= kBetweenFrames * static_cast<double>(last.frames.size()))
        last.frames.push_back(copy_of(frame, time));
      return;
    }
    if (!key && since < spacing_ * (1.0 + kPatience)) return;
    if (kept_.size() == kMostKept) {
      for (std::size_t i = 1; 2 * i < kept_.size(); ++i) kept_[i] = std::move(kept_[2 * i]);
      kept_.resize(kMostKept / 2);
      spacing_ *= 2.0;
      if (time - kept_.back().time < spacing_) return;
    }
  }
  kept_.push_back({time, {copy_of(frame, time)}});
}

std::vector<steg::sync::Moment> FrameKeeper::moments() const {
  std::vector<steg::sync::Moment> moments;
  const std::size_t count = kept_.size() < kMoments ? kept_.size() : kMoments;
  for (std::size_t i = 0; i < count; ++i) moments.push_back(kept_[i * kept_.size() / count].frames);
  return moments;
}

std::vector<steg::sync::LumaView> FrameKeeper::overview() const {
  std::vector<steg::sync::LumaView> views;
  for (const Kept& kept : kept_) views.push_back(kept.frames.front().view());
  return views;
}

}  // namespace trace
