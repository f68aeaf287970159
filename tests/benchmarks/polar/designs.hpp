// Ways to choose the information positions of a polar code of 256 bits, for comparing them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>

#include "polar_decoder.hpp"

namespace steg::bench {

using Order = std::array<int, kCodeBits>;  ///< positions, least reliable first

/// Polarization weights with beta = 2^(1/4) (He et al., "Beta-expansion", GLOBECOM 2017).
Order polarization_weight_order();

/// Gaussian approximation of density evolution (Trifonov 2012, with the function of Chung, Richardson and Urbanke
/// 2001) for a binary-input Gaussian channel with noise variance 1 and amplitude `mean_z`.
Order gaussian_approximation_order(double mean_z);

/// The `count` most reliable positions of `order`.
InformationMask best_of(const Order& order, int count);

/// The same, but positions whose row of the generator weighs less than `weight` come last (Reed-Muller-polar hybrid,
/// Li, Shen and Tse 2014).
InformationMask best_of_rows(const Order& order, int count, int weight);

}  // namespace steg::bench
