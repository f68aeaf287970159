// Which variants of a segment are seen, from how well each one's mark agrees with the copy.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>

#include "plugins/steg/watermark/polar_code.hpp"
#include "plugins/steg/watermark/segment_mark.hpp"

namespace steg {

using VariantValues = std::array<double, kMostVariants>;

/// What the cells of one segment say of the variants at its position.
struct VariantEvidence {
  SoftBits z{};                                     ///< of its code bits
  std::array<Codeword, kMostVariants> codewords{};  ///< of the variants
  VariantValues signatures{};                       ///< S of each; see has_signatures
  bool has_signatures = true;                       ///< else the code bits alone decide
  double pilot = 0;                                 ///< strength of the pilots, which all variants share
};

enum class SegmentState {
  read,    ///< one variant
  mixed,   ///< several: averaged, or in turn
  unread,  ///< too little to tell, or nothing of that position
};

/// Which variants are there.
struct VariantReading {
  SegmentState state;
  int variant;  ///< the likeliest
  /// How likely what is seen would be if that variant is among those that were shown, the largest one 1.
  VariantValues weight;
};

/// Weighs all sets of variants against each other, and against none. A variant that is there alone is as strong as the
/// pilots say, for these have as many cells as the signature and half as many as the code; of k variants each has a
/// k-th of that.
VariantReading read_variants(const VariantEvidence& evidence);

/// sum(z x chip) / 16 over the code bits: about N(0,1) for a payload that is not there.
double code_agreement(const SoftBits& z, const Codeword& codeword);

}  // namespace steg
