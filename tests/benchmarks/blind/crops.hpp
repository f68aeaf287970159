// Which part of a frame is shown.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "y4m_file.hpp"

namespace blind {

struct CropSize {
  int width;
  int height;
};

/// Even sides of the size wanted, or as large as the picture allows.
CropSize fitted(CropSize wanted, int picture_width, int picture_height);

struct Crop {
  int x = 0, y = 0;     ///< of its corner, even
  double activity = 0;  ///< median of the standard deviations of the original's luma in blocks of 8 x 8, levels
  double residual = 0;  ///< rms of what was changed, over all planes, levels
};

/// Crops all over the picture, each a quarter of its side beside the last.
std::vector<Crop> crops_of(const robustness::Planes& original, const robustness::Planes& marked, CropSize size);

/// Of the quarter of the crops with the least activity the one with the largest residual: where nothing hides most.
Crop smooth(std::vector<Crop> crops);
/// The same of the quarter with the most activity.
Crop textured(std::vector<Crop> crops);

}  // namespace blind
