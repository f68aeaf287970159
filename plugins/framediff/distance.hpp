// How far a picture is from a reference picture, by three measures.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "block_grid.hpp"

namespace framediff {

enum class Method {
  /// Largest block mean absolute difference, in 8-bit levels of a flat block: max over the blocks of
  /// MAD / (1 + min(1, activity / 16)), activity being the smaller of the two pictures' mean absolute deviations from
  /// the block's mean. A codec leaves more noise where there is contrast; the divisor takes that out. 0 to 255.
  block_sad,
  /// 1 - SSIM of the worst block (Wang, Bovik, Sheikh, Simoncelli: Image Quality Assessment, IEEE TIP 13(4), 2004;
  /// K1 = 0.01, K2 = 0.03, uniform window of one block). 0 to 2.
  ssim,
  /// Hamming distance of the 64-bit difference hashes (9 x 8 averages, compared with their right-hand neighbours).
  /// 0 to 64. Sees the whole picture only: scene changes, not cursors.
  dhash,
};

/// The measured threshold that separates repeated from moving pictures best (docs/measured/similarity.md).
double default_threshold(Method method);

/// The largest distance of a method.
double largest_distance(Method method);

/// Holds what it needs of a reference picture and compares others with it. Not thread-safe.
class Distance {
 public:
  virtual ~Distance() = default;
  /// Makes `plane` (of grid's size) the reference. Copies what it needs.
  virtual void set_reference(const LumaPlane& plane, const BlockGrid& grid) = 0;
  /// The distance of `plane` to the reference; needs one of the same size.
  virtual double to(const LumaPlane& plane) = 0;
};

std::unique_ptr<Distance> make_distance(Method method);

}  // namespace framediff
