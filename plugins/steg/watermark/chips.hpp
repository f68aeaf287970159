// The chips: which cell says what, and with which sign.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "chip_format.hpp"
#include "grid.hpp"
#include "payload.hpp"
#include "plugins/common/crypto/key.hpp"
#include "polar_code.hpp"

namespace steg {

enum class Role : std::uint8_t { pilot, code, signature };

/// What the key says of the cells of a grid in one epoch, row by row. The same for every ID.
struct ChipLayout {
  GridSize size;
  int epoch;      ///< that `sign` and the signatures are of
  int left, top;  ///< coordinates of the first cell; (0, 0) for a whole picture
  std::vector<Role> role;
  std::vector<std::int8_t> sign;               ///< +1 or -1; for signature cells unused and +1
  std::vector<std::uint8_t> bit;               ///< of code cells: which of the 256 code bits; else 0
  std::vector<std::uint32_t> signature_cells;  ///< their numbers, ascending
};

/// Generates chips under one key. The PRF is AES-128 (FIPS 197) over the block (domain, epoch, x, y), under a subkey
/// for roles, signs and code bits, and another one per ID and epoch for signature chips. A cell's chip depends on
/// nothing but key, format, epoch, ID and its own coordinates, not on the size of the grid, so any crop can be read
/// once its offset is known; x and y may be negative.
///
/// In the day format roles, pilots and code bits are those of the epoch's phase, and the signs of code cells are
/// multiplied by a day sign of their own, so that no epoch's code cells say anything of another's.
///
/// An `id` may also be the payload of a segment (segment_mark.hpp).
///
/// All methods may throw CryptoError; those that take an epoch throw std::out_of_range if the format has none of that
/// number. Methods are const and share no state: one object may serve several threads.
class Chips {
 public:
  explicit Chips(const Key& key, ChipFormat format = ChipFormat::legacy);

  ChipFormat format() const { return format_; }

  /// `left` and `top` are the coordinates of the first cell.
  ChipLayout layout(GridSize size, int epoch, int left = 0, int top = 0) const;
  /// Of a phase, without day signs: what all epochs of that phase share. In the legacy format the layout of the epoch.
  ChipLayout phase_layout(GridSize size, int phase, int left = 0, int top = 0) const;
  /// layout() from the phase's.
  ChipLayout layout(const ChipLayout& of_phase, int epoch) const;
  /// +1 or -1 for every cell (callers use those of code cells), row by row; +1 throughout in the legacy format.
  std::vector<std::int8_t> day_signs(GridSize size, int epoch, int left = 0, int top = 0) const;
  /// The subkey of layouts and day signs, for those who try many epochs.
  const Subkey& layout_subkey() const { return layout_subkey_; }

  /// +1 or -1 for every cell (callers use those of signature cells), row by row. Throws IdError.
  std::vector<std::int8_t> signature(std::string_view id, GridSize size, int epoch, int left = 0, int top = 0) const;

  /// +1 or -1 for the signature cells of `layout` alone, in their order row by row: what signature() gives for these.
  /// Throws IdError.
  std::vector<std::int8_t> signature(std::string_view id, const ChipLayout& layout) const;
  /// The same for an epoch whose phase `layout` has.
  std::vector<std::int8_t> signature(std::string_view id, const ChipLayout& layout, int epoch) const;

  /// All chips of a marked frame, +1 or -1, row by row: what the encoder network gets. Throws IdError.
  std::vector<float> frame(std::string_view id, GridSize size, int epoch) const;
  /// The same from a layout at hand.
  std::vector<float> frame(std::string_view id, const ChipLayout& layout) const;

  /// The code bits of an ID under this key. Throws IdError.
  Codeword codeword(std::string_view id) const;
  const PayloadPermutation& permutation() const { return permutation_; }

 private:
  void check_epoch(int epoch) const;
  Subkey id_subkey(std::string_view id, int epoch) const;

  ChipFormat format_;
  Subkey layout_subkey_;
  Subkey signature_subkey_;
  PayloadPermutation permutation_;
};

}  // namespace steg
