// Pictures and fields that look for a weakness of the statistic: regular, peaked, heavy-tailed.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <random>
#include <vector>

namespace statistics {

using Rng = std::mt19937_64;

/// Values 0..1 of a picture of width x height, row by row: stripes, boards, gratings, text, noise, ramps, spikes; the
/// kinds take turns with `index`.
std::vector<float> adversarial_picture(int width, int height, std::size_t index, Rng& rng);

/// A field that no picture need have: Gaussian, heavy-tailed, a few huge cells among small ones, or a power of two of
/// signs only; the kinds take turns with `index`.
std::vector<float> random_field(std::size_t cells, std::size_t index, Rng& rng);

}  // namespace statistics
