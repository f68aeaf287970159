// The IDs that were given out, ready to be compared with what a copy says.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "chips.hpp"

namespace steg {

/// Holds the codewords of all IDs under one key: 32 bytes each beside the ID itself. Immutable; one object may serve
/// several threads.
class IssuedIds {
 public:
  /// IDs that are not valid are left out, repeated ones counted once. About 2 microseconds per ID.
  IssuedIds(const Chips& chips, std::vector<std::string> ids);

  std::size_t size() const { return ids_.size(); }
  const std::string& id(std::size_t index) const { return ids_.at(index); }

  /// Indices of the `count` IDs whose codewords c (+1 for a 0, -1 for a 1) have the largest sum(c_k x z_k), best first.
  /// About 20 ms for a million IDs.
  std::vector<std::size_t> best_fits(const SoftBits& z, std::size_t count) const;

 private:
  using PackedCodeword = std::array<std::uint8_t, kCodeBits / 8>;  ///< bit k in bit k % 8 of byte k / 8
  std::vector<std::string> ids_;
  std::vector<PackedCodeword> codewords_;
};

}  // namespace steg
