// What the code bits of a copy say, as a whole and part by part.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "codeword_space.hpp"
#include "field_blocks.hpp"

namespace steg {

/// Sums of a copy's code bits over time and over the picture.
class CopyParts {
 public:
  explicit CopyParts(const FieldBlocks& blocks);

  /// The whole copy first, then stretches of time, moments and tiles: wherever an ID may be alone.
  const std::vector<SoftBits>& parts() const { return parts_; }

  /// Weights of blocks and tiles for the sum that shows an ID best, by its code bits alone. `rest`: its codeword
  /// without those of the IDs that are known.
  FieldBlocks::Weights weights_for(const CodeVector& rest) const;

  /// sum(c_k x z_k) / |c| in every block and in every tile.
  std::vector<double> in_blocks(const CodeVector& rest) const;
  std::vector<double> in_tiles(const CodeVector& rest) const;

 private:
  std::vector<FieldBlocks::CodeSum> of_block_;
  std::vector<FieldBlocks::CodeSum> of_tile_;
  std::vector<SoftBits> parts_;
};

}  // namespace steg
