// How alike two luma planes are.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "clip.hpp"

namespace robustness {

struct Similarity {
  double ssim;     ///< Wang, Bovik, Sheikh and Simoncelli 2004: Gaussian window of 11 x 11, sigma 1.5, K 0.01 and 0.03
  double ms_ssim;  ///< Wang, Simoncelli and Bovik 2003, five scales; of smaller pictures the scales that fit
};

/// 1 for equal planes. Both must be of one size, at least 11 x 11; throws std::invalid_argument otherwise.
Similarity similarity(const Luma& a, const Luma& b);

/// dB; at most 99. Both must be of one size.
double psnr(const Luma& a, const Luma& b);

}  // namespace robustness
