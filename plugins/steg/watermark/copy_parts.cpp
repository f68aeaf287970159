// SPDX-License-Identifier: LGPL-2.1-or-later
#include "copy_parts.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "shrinkage.hpp"

namespace steg {
namespace {

using CodeSum = FieldBlocks::CodeSum;

constexpr std::size_t kMostStretches = 32;
constexpr std::size_t kMostMoments = 64;

CodeSum sum_of(const std::vector<CodeSum>& sums, std::size_t first, std::size_t last) {
  CodeSum sum;
  for (std::size_t i = first; i < last; ++i) sum.add(sums[i]);
  return sum;
}

double product(const CodeVector& rest, const CodeSum& sum) { return dot(rest, sum.products); }

std::vector<double> weights(const std::vector<CodeSum>& sums, const CodeVector& rest) {
  const double share = dot(rest, rest) / kCodeBits;
  std::vector<double> amplitudes;
  std::vector<double> precisions;
  for (const CodeSum& sum : sums) {
    const double precision = sum.energy * share;
    amplitudes.push_back(precision > 0 ? product(rest, sum) / precision : 0);
    precisions.push_back(precision);
  }
  return shrunk_weights(amplitudes, precisions);
}

std::vector<double> correlations(const std::vector<CodeSum>& sums, const CodeVector& rest) {
  const double share = dot(rest, rest) / kCodeBits;
  std::vector<double> out;
  out.reserve(sums.size());
  for (const CodeSum& sum : sums)
    out.push_back(sum.energy * share > 0 ? product(rest, sum) / std::sqrt(sum.energy * share) : 0);
  return out;
}

}  // namespace

CopyParts::CopyParts(const FieldBlocks& blocks) : of_block_(blocks.size()), of_tile_(FieldBlocks::kTiles) {
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    for (std::size_t t = 0; t < FieldBlocks::kTiles; ++t) {
      of_block_[b].add(blocks.code(b, t));
      of_tile_[t].add(blocks.code(b, t));
    }
  }
  const std::size_t count = blocks.size();
  parts_.push_back(sum_of(of_block_, 0, count).soft_bits());
  const std::size_t stretches = std::min(kMostStretches, count);
  for (std::size_t i = 0; stretches > 1 && i < stretches; ++i)
    parts_.push_back(sum_of(of_block_, i * count / stretches, (i + 1) * count / stretches).soft_bits());
  if (count > stretches) {
    const std::size_t step = (count + kMostMoments - 1) / kMostMoments;
    for (std::size_t b = 0; b < count; b += step) parts_.push_back(of_block_[b].soft_bits());
  }
  for (const CodeSum& tile : of_tile_) parts_.push_back(tile.soft_bits());
}

FieldBlocks::Weights CopyParts::weights_for(const CodeVector& rest) const {
  FieldBlocks::Weights result{weights(of_block_, rest), {}};
  const std::vector<double> of_tiles = weights(of_tile_, rest);
  std::copy(of_tiles.begin(), of_tiles.end(), result.tiles.begin());
  return result;
}

std::vector<double> CopyParts::in_blocks(const CodeVector& rest) const { return correlations(of_block_, rest); }

std::vector<double> CopyParts::in_tiles(const CodeVector& rest) const { return correlations(of_tile_, rest); }

}  // namespace steg
