// Which AES blocks give the day signs of a grid's cells.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "grid.hpp"
#include "plugins/common/crypto/aes.hpp"

namespace steg {

/// A block gives 128 cells of a row: ('D', 0, epoch, x >> 7, y, 0), where epoch has 16 bits and the others 32, big
/// endian. Bit x & 127 of its encryption, from the most significant bit of the first byte on, is the sign of cell x.
class DaySignBlocks {
 public:
  DaySignBlocks(GridSize size, int left, int top)
      : size_(size),
        left_(left),
        top_(top),
        first_(left >> kShift),
        in_row_(static_cast<std::size_t>(((static_cast<std::int64_t>(left) + size.width - 1) >> kShift) - first_ + 1)) {
  }

  std::size_t count() const { return in_row_ * static_cast<std::size_t>(size_.height); }
  std::size_t in_row() const { return in_row_; }

  /// The blocks to encrypt, row by row.
  void fill(int epoch, std::vector<std::uint8_t>& bytes) const {
    bytes.assign(count() * Aes128::kBlockBytes, 0);
    std::uint8_t* block = bytes.data();
    for (int row = 0; row < size_.height; ++row) {
      for (std::size_t i = 0; i < in_row_; ++i, block += Aes128::kBlockBytes) {
        block[0] = 'D';
        put(block + 4, static_cast<std::uint32_t>(first_) + static_cast<std::uint32_t>(i));
        put(block + 8, static_cast<std::uint32_t>(top_) + static_cast<std::uint32_t>(row));
      }
    }
    set_epoch(epoch, bytes.data(), count());
  }
  /// Makes so many of them those of another epoch.
  static void set_epoch(int epoch, std::uint8_t* bytes, std::size_t blocks) {
    for (std::size_t i = 0; i < blocks; ++i, bytes += Aes128::kBlockBytes) {
      bytes[2] = static_cast<std::uint8_t>(epoch >> 8);
      bytes[3] = static_cast<std::uint8_t>(epoch & 0xFF);
    }
  }

  /// Where the bit of a cell is in the encrypted bytes.
  std::size_t bit(int row, int column) const {
    const auto from_first = static_cast<std::size_t>(static_cast<std::int64_t>(left_) + column -
                                                     static_cast<std::int64_t>(first_) * (1 << kShift));
    return static_cast<std::size_t>(row) * in_row_ * 128 + from_first;
  }

 private:
  static constexpr int kShift = 7;

  static void put(std::uint8_t* out, std::uint32_t value) {
    for (int i = 0; i < 4; ++i) out[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
  }

  GridSize size_;
  int left_, top_;
  int first_;
  std::size_t in_row_;
};

}  // namespace steg
