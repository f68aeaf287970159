// Means that differ from place to place, estimated from noisy measurements of each.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

namespace steg {

/// Empirical Bayes under a normal prior whose mean and variance come from the values themselves (DerSimonian and Laird
/// 1986): where they differ no more than their noise does, all come out the same; where they differ by far, each comes
/// out as it is. `precision` is 1/variance of the noise of each value; 0 for one that says nothing.
/// Scaled so that their mean is 1, negative ones 0; all 1 if none is positive.
std::vector<double> shrunk_weights(const std::vector<double>& values, const std::vector<double>& precision);

}  // namespace steg
