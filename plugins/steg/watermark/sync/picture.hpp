// Frames of a copy that are kept for the search.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "sampling.hpp"

namespace steg::sync {

/// A picture of the copy; of a grey one, and where chroma is not looked at, luma alone.
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> luma;  ///< width x height, row by row
  double time = 0;                 ///< when it is shown, seconds
  Projection motion = {};          ///< from pixels of the first picture of a search to those of this one
  int chroma_width = 0;            ///< of Cb and of Cr; 0 where there are none
  int chroma_height = 0;
  std::vector<std::uint8_t> cb = {};
  std::vector<std::uint8_t> cr = {};

  LumaView view() const { return {luma.data(), width, width, height}; }
  Planes planes() const {
    if (cb.empty()) return {view()};
    return {view(),
            {cb.data(), chroma_width, chroma_width, chroma_height},
            {cr.data(), chroma_width, chroma_width, chroma_height}};
  }
};

/// Frames that lie close enough together to share an epoch and a position.
using Moment = std::vector<Picture>;

}  // namespace steg::sync
