// SPDX-License-Identifier: LGPL-2.1-or-later
#include "visibility.hpp"

#include <algorithm>
#include <cmath>

#include "attack.hpp"
#include "butteraugli.hpp"
#include "frame_pictures.hpp"

namespace robustness {
namespace {

constexpr double kKeyFrameInterval = 2;  ///< seconds, of x264 in the attacks

void add(std::vector<LookedAt>& frames, int number, const char* kind, const Clip& clip) {
  const bool taken =
      std::any_of(frames.begin(), frames.end(), [&](const LookedAt& frame) { return frame.number == number; });
  if (number < clip.frames && !taken) frames.push_back({number, kind});
}

std::vector<int> numbers_of(const std::vector<LookedAt>& frames) {
  std::vector<int> numbers;
  numbers.reserve(frames.size());
  for (const LookedAt& frame : frames) numbers.push_back(frame.number);
  return numbers;
}

/// The unmarked clip as a streamer would code it, as far as it is looked at.
std::filesystem::path code(const Clip& clip, const std::string& what, int frames, const std::filesystem::path& folder) {
  Attack attack = parse_attack(what);
  Stage beginning;
  beginning.filter = "trim=end_frame=" + std::to_string(frames);
  attack.stages.insert(attack.stages.begin(), beginning);
  return perform(attack, clip, clip.original, false, folder);
}

void count(std::vector<Visibility>& measured, const std::string& what, int scale, const std::string& kind,
           const Butteraugli& distance) {
  auto place = std::find_if(measured.begin(), measured.end(), [&](const Visibility& one) {
    return one.what == what && one.scale == scale && one.frames == kind;
  });
  if (place == measured.end()) place = measured.insert(place, {what, scale, kind, 0, 0, 0});
  place->norm3 = (place->norm3 * place->count + distance.norm3) / (place->count + 1);
  place->maximum = std::max(place->maximum, distance.maximum);
  ++place->count;
}

}  // namespace

Visibility overall(const std::vector<Visibility>& measured, const std::string& what, int scale) {
  Visibility all{what, scale, "", 0, 0, 0};
  for (const Visibility& one : measured) {
    if (one.what != what || one.scale != scale) continue;
    all.norm3 += one.count * one.norm3;
    all.maximum = std::max(all.maximum, one.maximum);
    all.count += one.count;
  }
  if (all.count > 0) all.norm3 /= all.count;
  return all;
}

std::vector<LookedAt> frames_to_look_at(const Clip& clip, int each) {
  std::vector<LookedAt> frames;
  const double interval = kKeyFrameInterval * clip.rate();
  const auto epoch =
      std::find_if(clip.key_frames.begin(), clip.key_frames.end(), [](int number) { return number > 0; });
  if (epoch != clip.key_frames.end()) add(frames, *epoch, "epoch", clip);
  int keys = 0;
  for (int i = 0; keys < each && i * interval < clip.frames; ++i) {
    const std::size_t before = frames.size();
    add(frames, static_cast<int>(std::lround(i * interval)), "key", clip);
    if (frames.size() > before) ++keys;
  }
  for (int i = 0; i < each; ++i) add(frames, static_cast<int>((i + 0.5) * interval), "between", clip);
  std::sort(frames.begin(), frames.end(), [](const LookedAt& a, const LookedAt& b) { return a.number < b.number; });
  return frames;
}

std::vector<Visibility> measure_visibility(const Clip& clip, int each, const std::filesystem::path& folder) {
  const std::vector<LookedAt> frames = frames_to_look_at(clip, each);
  const std::vector<int> numbers = numbers_of(frames);
  const FramePictures original(clip, clip.original, numbers, folder, "look-original");
  std::vector<Visibility> measured;
  for (const std::string what : {kMarkItself, "crf23", "crf18", "crf16"}) {
    const auto copy = what == kMarkItself ? clip.marked : code(clip, what, numbers.back() + 1, folder);
    const FramePictures changed(clip, copy, numbers, folder, "look-changed");
    for (const int scale : {1, 2}) {
      const std::string filter = scale == 1 ? "" : "scale=iw*2:ih*2:flags=lanczos+accurate_rnd";
      const auto before = original.png(filter);
      const auto after = changed.png(filter);
      for (std::size_t i = 0; i < frames.size(); ++i)
        count(measured, what, scale, frames[i].kind, butteraugli(before[i], after[i]));
    }
  }
  return measured;
}

}  // namespace robustness
