// The chips of one key around the marked picture, ready to be compared with fields.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "plugins/steg/watermark/chips.hpp"

namespace steg::sync {

/// Cells from `left`, `top` on, within a map.
struct CellRange {
  int left;
  int top;
  int width;
  int height;
};

/// The common part of two ranges; no cells if there is none.
CellRange common(const CellRange& a, const CellRange& b);

/// Pilots and code cells of all epochs in a square that holds any grid of an aspect up to 2.5 with room around it.
class ChipMap {
 public:
  static constexpr int kMargin = 24;
  static constexpr int kSide = 540 + 2 * kMargin;

  explicit ChipMap(const Key& key, ChipFormat format = ChipFormat::legacy);

  /// Whether code cells say anything before it is known when the copy was marked: in the day format they do not.
  bool has_code() const { return has_code_; }

  static CellRange range() { return {-kMargin, -kMargin, kSide, kSide}; }

  /// +1 or -1 at pilot cells, 0 at others. The cell must lie within range().
  std::int8_t pilot(int epoch, int x, int y) const { return epochs_[static_cast<std::size_t>(epoch)].pilot[at(x, y)]; }
  /// +1 or -1 at code cells (their sign), 0 at others.
  std::int8_t code(int epoch, int x, int y) const { return epochs_[static_cast<std::size_t>(epoch)].code[at(x, y)]; }
  /// Of a code cell: which of the 256 code bits it carries.
  std::uint8_t bit(int epoch, int x, int y) const { return epochs_[static_cast<std::size_t>(epoch)].bit[at(x, y)]; }

 private:
  struct Epoch {
    std::vector<std::int8_t> pilot;
    std::vector<std::int8_t> code;
    std::vector<std::uint8_t> bit;
  };
  static std::size_t at(int x, int y) {
    return static_cast<std::size_t>(y + kMargin) * kSide + static_cast<std::size_t>(x + kMargin);
  }
  bool has_code_;
  std::array<Epoch, kEpochs> epochs_;
};

}  // namespace steg::sync
