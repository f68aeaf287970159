// What any code of a given size can do on the binary-input Gaussian channel.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace steg::bench {

/// Capacity (bits) and dispersion (bits^2) of a use of the channel y = +-amplitude + N(0,1).
struct ChannelFigures {
  double capacity;
  double dispersion;
};

/// By numerical integration of the information density over the noise.
ChannelFigures binary_gaussian_channel(double amplitude);

/// Block error rate of the best code of `length` bits for `payload` bits: the normal approximation of Polyanskiy, Poor
/// and Verdu (IEEE Trans. Inf. Theory 56(5), 2010), Q((n C - k + log2(n) / 2) / sqrt(n V)). For a decoder that may
/// return a list of M, k is less by log2(M).
double normal_approximation(double amplitude, int length, double payload);

}  // namespace steg::bench
