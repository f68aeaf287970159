// The fields of a whole copy, kept apart in blocks of time and tiles of the picture.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <string_view>
#include <vector>

#include "reading.hpp"

namespace steg {

/// What a copy made of several others needs: an ID may be in some of its frames or in some parts of its picture only.
/// Every frame is a block at first; when there are more than kMostBlocks, neighbours are added up in pairs. Of the
/// pilot cells nothing is kept, and signature cells only of those epochs of a block, and of a sum, whose code cells are
/// strongest.
class FieldBlocks {
 public:
  static constexpr std::size_t kMostBlocks = 512;
  static constexpr std::size_t kMostEpochsOfBlock = kEpochs;  ///< in the legacy format there are no more
  static constexpr std::size_t kMostEpochsOfSum = 64;
  static constexpr int kTilesAcross = 6;
  static constexpr int kTilesDown = 4;
  static constexpr std::size_t kTiles = kTilesAcross * kTilesDown;

  /// sum(f x sign) over the cells of each code bit, and sum(f^2) over all code cells.
  struct CodeSum {
    std::array<float, kCodeBits> products{};
    double energy = 0;
    void add(const CodeSum& other);
    /// About N(0,1) each where there is no mark; all 0 without energy.
    SoftBits soft_bits() const;
  };

  /// Weights of blocks and tiles with which the fields are added up.
  struct Weights {
    std::vector<double> blocks;
    std::array<double, kTiles> tiles;
  };

  /// `reader` must outlive this.
  explicit FieldBlocks(const Reader& reader) : reader_(reader) {}

  /// A frame's field (Reader::size().cells() values) of that epoch, at a time in seconds. Times ascend.
  void add(const float* field, int epoch, double time);

  std::size_t size() const { return blocks_.size(); }
  /// Of the first frame of a block.
  double time(std::size_t block) const { return blocks_.at(block).time; }
  const CodeSum& code(std::size_t block, std::size_t tile) const { return blocks_.at(block).code.at(tile); }

  /// S of one ID with the weighted sum of the fields: sum(a x chip) / sqrt(sum a^2), a the weighted sum of a cell's
  /// values in the frames of an epoch. The bound of Reader::signature holds for weights that were chosen without
  /// looking at signature cells. Throws IdError.
  double signature(std::string_view id, const Weights& weights) const;

  /// The values a of signature(), for many IDs with the same weights.
  using SignatureSum = std::map<int, std::vector<float>>;  ///< by epoch
  SignatureSum signature_sum(const Weights& weights) const;
  double signature(std::string_view id, const SignatureSum& sum) const;

 private:
  /// The signature cells of an epoch, in their order, and the energy of its code cells.
  struct OfEpoch {
    double strength = 0;
    std::vector<float> values;
  };
  struct Block {
    double time;
    std::array<CodeSum, kTiles> code;
    std::map<int, OfEpoch> epochs;
    void add(const Block& later);
  };
  void halve();
  /// The epochs that a sum with these weights of blocks has: all, or the strongest of them.
  std::vector<int> strongest(const std::vector<double>& weights) const;

  const Reader& reader_;
  std::vector<Block> blocks_;
  std::size_t frames_per_block_ = 1;
  std::size_t frames_in_last_ = 0;
};

}  // namespace steg
