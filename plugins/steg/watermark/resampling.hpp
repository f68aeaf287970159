// Averaging along one axis.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

namespace steg {

/// Weights of the few inputs of each output along one axis: output i is the sum over t < taps of
/// weights[i x taps + t] x input[first[i] + t]. All inputs named exist; unused weights are 0.
struct Resampling {
  int taps = 0;
  std::vector<int> first;
  std::vector<float> weights;
};

/// Box filter from `in` to at most as many outputs: output i covers the inputs from i x in/out to (i + 1) x in/out.
Resampling area_axis(int in, int out);

/// out = scale x (resampled in)
void resample(const Resampling& resampling, const float* in, float scale, float* out);

}  // namespace steg
