// Which variant of a segment each viewer gets.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/common/crypto/key.hpp"
#include "plugins/steg/watermark/segment_mark.hpp"

namespace steg {

/// How the shares of the variants differ from position to position.
enum class Bias {
  arcsine,  ///< as Tardos has it: several viewers who mix their copies are found, too
  uniform,  ///< equal shares everywhere: the shortest leak for one viewer, and long ones for several
};

/// What PRF values give which variant at a position: variant k those from the k-th bound on, of kScale values.
struct VariantShares {
  static constexpr std::uint32_t kScale = 65536;
  int variants;
  std::array<std::uint32_t, kMostVariants + 1> bounds;

  double of(int variant) const;
  int variant(std::uint32_t value) const {
    int found = 0;
    for (int k = 1; k < variants; ++k) found += value >= bounds[static_cast<std::size_t>(k)] ? 1 : 0;
    return found;
  }
};

/// A viewer's name under a key.
using ViewerTag = std::array<std::uint8_t, 12>;

/// The variants of all viewers at all positions: docs/sequences.md has the format. All methods are const and share no
/// state; they may throw CryptoError.
class Sequences {
 public:
  /// Throws std::invalid_argument unless there are 2 to 4 variants.
  Sequences(const Key& key, int variants, Bias bias = Bias::arcsine);

  int variants() const { return variants_; }
  /// Of the position, the same for all viewers.
  VariantShares shares(std::uint32_t position) const;
  ViewerTag tag(std::string_view viewer) const;
  /// What a viewer gets at `count` positions from `first` on, 0 for the first variant. Positions come round at 2^32.
  std::vector<std::uint8_t> pattern(std::string_view viewer, std::uint32_t first, std::size_t count) const;

  /// One block of the PRF has the values of so many positions.
  static constexpr std::uint32_t kPositionsOfBlock = 8;
  static constexpr std::uint32_t block_of(std::uint32_t position) { return position / kPositionsOfBlock; }
  static std::uint32_t value(const std::uint8_t* block, std::uint32_t position) {
    const std::uint8_t* at = block + 2 * (position % kPositionsOfBlock);
    return static_cast<std::uint32_t>(at[0]) << 8 | at[1];
  }
  /// Fills `out`, 16 bytes each, with a viewer's PRF blocks of those numbers. `aes` has the sequence_subkey().
  static void fill(Aes128& aes, const ViewerTag& tag, const std::vector<std::uint32_t>& blocks, std::uint8_t* out);
  const Subkey& sequence_subkey() const { return sequence_subkey_; }

 private:
  int variants_;
  Bias bias_;
  Subkey sequence_subkey_;
  Subkey bias_subkey_;
  Subkey viewer_subkey_;
};

}  // namespace steg
