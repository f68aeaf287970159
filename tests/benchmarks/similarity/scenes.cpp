// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scenes.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <stdexcept>

#include "block_kernels.hpp"

namespace similarity {
namespace {

using pictures::Picture;

constexpr int kShownTimes = 3;
constexpr double kVisible = 6.0;

std::vector<Truth> all_frames(int frames, Truth truth) {
  return std::vector<Truth>(static_cast<std::size_t>(frames), truth);
}

double largest_block_difference(const Picture& a, const Picture& b) {
  double largest = 0.0;
  for (int y = 0; y + 8 <= a.height; y += 8)
    for (int x = 0; x + 8 <= a.width; x += 8)
      largest = std::max(largest, framediff::sad_of_block_portable(a.plane().data + y * a.width + x, a.width,
                                                                   b.plane().data + y * b.width + x, b.width, 8, 8) /
                                      64.0);
  return largest;
}

/// A cursor that goes `step` pixels a frame over the slide, slanting down.
Scene cursor(const std::shared_ptr<const Picture>& slide, int frames, int step) {
  const auto frame = [slide, step](int i) {
    Picture picture = *slide;
    const int range_x = picture.width - 60;
    const int range_y = picture.height - 60;
    pictures::draw_cursor(picture, 20 + i * step * 7 % range_x / 7, 20 + (picture.height / 5 + i * step / 2) % range_y);
    return picture;
  };
  return {"cursor, " + std::to_string(step) + " px a frame",
          "cursor",
          slide->width,
          slide->height,
          frames,
          frame,
          all_frames(frames, Truth::motion)};
}

/// A caret `width` px wide in a line of text that changes every 7 frames.
Scene caret(const std::shared_ptr<const Picture>& slide, int frames, int width) {
  constexpr int kBlink = 7;
  const auto frame = [slide, width](int i) {
    Picture picture = *slide;
    if (i / kBlink % 2 == 1)
      pictures::fill(picture, 0.31 * picture.width, 0.337 * picture.height, width, 20.0 * picture.height / 1080, 16);
    return picture;
  };
  std::vector<Truth> truth = all_frames(frames, Truth::repeat);
  for (int i = kBlink; i < frames; i += kBlink) truth[static_cast<std::size_t>(i)] = Truth::motion;
  return {"caret, " + std::to_string(width) + " px wide", "caret", slide->width, slide->height, frames, frame, truth};
}

}  // namespace

std::vector<Scene> drawn_scenes(int height, int frames) {
  const int width = height * 16 / 9 & ~1;
  const auto slide = std::make_shared<const Picture>(pictures::slide(width, height));
  const auto photo = std::make_shared<const Picture>(pictures::photo(width, height, 5));
  std::vector<Scene> scenes;
  scenes.push_back({"still slide", "still slide", width, height, frames, [slide](int) { return *slide; },
                    all_frames(frames, Truth::repeat)});
  scenes.push_back({"still photo", "still photo", width, height, frames, [photo](int) { return *photo; },
                    all_frames(frames, Truth::repeat)});
  scenes.push_back(cursor(slide, frames, 1));
  scenes.push_back(cursor(slide, frames, 3));
  scenes.push_back(caret(slide, frames, 1));
  scenes.push_back(caret(slide, frames, 2));
  const auto fade = [slide, frames](int i) {
    Picture picture = *slide;
    pictures::scale_levels(picture, 1.0 - 0.25 * i / frames);
    return picture;
  };
  scenes.push_back(
      {"fade, 0.6 levels a frame", "slow fade", width, height, frames, fade, all_frames(frames, Truth::unclear)});
  const auto grain = [photo](int i) {
    Picture picture = *photo;
    pictures::add_noise(picture, 4.0, static_cast<unsigned>(i));
    return picture;
  };
  scenes.push_back({"grain, 4 levels", "film grain", width, height, frames, grain, all_frames(frames, Truth::unclear)});
  return scenes;
}

Scene clip_scene(const std::string& path, int pictures) {
  const auto clip = std::make_shared<const std::vector<Picture>>(read_clip(path, pictures));
  if (clip->empty()) throw std::runtime_error(path + ": no video in it");
  const int frames = static_cast<int>(clip->size()) * kShownTimes;
  std::vector<Truth> truth = all_frames(frames, Truth::repeat);
  for (std::size_t i = 1; i < clip->size(); ++i)
    truth[i * kShownTimes] =
        largest_block_difference((*clip)[i - 1], (*clip)[i]) >= kVisible ? Truth::motion : Truth::unclear;
  const auto frame = [clip](int i) { return (*clip)[static_cast<std::size_t>(i / kShownTimes)]; };
  return {std::filesystem::path(path).stem().string(),
          "clips",
          clip->front().width,
          clip->front().height,
          frames,
          frame,
          truth};
}

}  // namespace similarity
