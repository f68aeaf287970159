// Successive-cancellation list decoding of a polar code of 256 bits with any information set.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "polar_code.hpp"

namespace steg {

/// Marks the information positions among the 256 inputs of the polar transform.
using InformationMask = std::array<bool, kCodeBits>;

/// u F^(x)8 over GF(2), in place. Its own inverse.
void polar_transform(Codeword& bits);

/// List decoder with its work space. One object must not be used by two threads at a time.
///
/// Log-likelihood form with the min-sum approximation and the path metric of Balatsoukas-Stimming, Bastani Parizi and
/// Burg (2015): both are homogeneous, so the scale of the input does not matter. Subtrees without information bits and
/// those with only their last bit free are decided at once, which gives the same metrics as leaf by leaf (Hashemi,
/// Condo and Gross 2016).
class PolarListDecoder {
 public:
  /// At most 64 information positions. Throws std::invalid_argument for more, or for a list_size below 1.
  PolarListDecoder(const InformationMask& information, int list_size);

  /// As polar_decode_list. NaN counts as 0, an erased bit; infinities as very large numbers.
  std::vector<Candidate> decode(const SoftBits& llr);

 private:
  static constexpr int kStages = 8;

  enum class Kind : std::uint8_t { split, frozen, one_bit };

  struct Fork {
    float metric;
    int path;
    bool bit;
  };

  float* alpha(int stage, int slot);
  const float* input(int stage, int path);
  void decode_node(int stage, int offset);
  void descend_left(int stage);
  void descend_right(int stage, int offset);
  void combine(int stage, int offset);
  void decide_frozen(int stage, int offset);
  void decide_bit(int stage, int offset);
  void keep(const std::vector<Fork>& chosen, int stage, int offset);

  int list_size_;
  std::array<std::vector<Kind>, kStages + 1> kinds_;

  struct Path {
    float metric = 0;
    std::uint64_t payload = 0;
    std::array<int, kStages + 1> slot{};  ///< where the input of each stage is: paths share what they have in common
    Codeword sums{};                      ///< partial sums of the subtrees that are decided
  };
  std::vector<Path> paths_, next_;
  std::array<std::vector<float>, kStages + 1> alpha_;
  std::vector<Fork> forks_;
};

}  // namespace steg
