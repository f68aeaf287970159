// What is shown: slides and clips, with the truth about each frame.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "video.hpp"

namespace similarity {

enum class Truth {
  /// Shows what the frame before showed.
  repeat,
  /// Shows something else, visibly.
  motion,
  /// Neither can be claimed: grain, or a change that nobody would see. Reported, not counted.
  unclear,
};

struct Scene {
  std::string name;
  /// Scenes of a group share a row in the report.
  std::string group;
  int width;
  int height;
  int frames;
  Source frame;
  std::vector<Truth> truth;
};

/// Slides, photos, cursors, carets, a fade and grain, of that height (16:9) and number of frames.
std::vector<Scene> drawn_scenes(int height, int frames);

/// The first pictures of a clip, each shown three times. A picture that differs from the one before by less than 3
/// levels in each of its 8x8 blocks is kUnclear.
Scene clip_scene(const std::string& path, int pictures);

}  // namespace similarity
