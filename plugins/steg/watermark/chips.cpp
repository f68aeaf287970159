// SPDX-License-Identifier: LGPL-2.1-or-later
#include "chips.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "day_sign_blocks.hpp"
#include "segment_mark.hpp"

namespace steg {

namespace {

// Domains keep the inputs of the PRF apart, should two subkeys ever be the same.
constexpr std::uint8_t kLayoutDomain = 'L';
constexpr std::uint8_t kSignatureDomain = 'S';

void put_big_endian(std::uint8_t* out, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) out[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

/// AES-128 of (domain, epoch, 0, 0, x, y, 0, 0, 0, 0), x and y as 32-bit big-endian two's complement, for runs of
/// cells: many blocks a call, few enough to stay in the first-level cache.
class CellPrf {
 public:
  CellPrf(const Subkey& key, std::uint8_t domain, int epoch)
      : aes_(key), head_{domain, static_cast<std::uint8_t>(epoch), 0, 0} {}

  void add(std::uint32_t x, std::uint32_t y) {
    std::uint8_t* block = &blocks_[count_ * Aes128::kBlockBytes];
    std::copy(head_.begin(), head_.end(), block);
    put_big_endian(block + 4, x);
    put_big_endian(block + 8, y);
    std::fill_n(block + 12, 4, std::uint8_t{0});
    ++count_;
  }

  bool full() const { return count_ == kRun; }

  /// Calls `use` with the 16 PRF bytes of each cell that was added, in order, and forgets them.
  template <typename Use>
  void flush(Use use) {
    aes_.encrypt(blocks_.data(), count_);
    for (std::size_t i = 0; i < count_; ++i) use(&blocks_[i * Aes128::kBlockBytes]);
    count_ = 0;
  }

 private:
  static constexpr std::size_t kRun = 512;
  Aes128 aes_;
  std::array<std::uint8_t, 4> head_;
  std::array<std::uint8_t, kRun * Aes128::kBlockBytes> blocks_;
  std::size_t count_ = 0;
};

/// A cell's coordinate. Unsigned, so that it wraps around instead of overflowing.
std::uint32_t coordinate(int first, int offset) {
  return static_cast<std::uint32_t>(first) + static_cast<std::uint32_t>(offset);
}

/// Calls `use` with the PRF bytes of every cell of a grid, row by row.
template <typename Use>
void for_cells(CellPrf prf, GridSize size, int left, int top, Use use) {
  for (int row = 0; row < size.height; ++row) {
    for (int column = 0; column < size.width; ++column) {
      prf.add(coordinate(left, column), coordinate(top, row));
      if (prf.full()) prf.flush(use);
    }
  }
  prf.flush(use);
}

/// The same for the signature cells of a layout alone.
template <typename Use>
void for_signature_cells(CellPrf prf, const ChipLayout& layout, Use use) {
  const auto width = static_cast<std::uint32_t>(layout.size.width);
  int row = 0;
  std::uint32_t row_begin = 0;
  for (const std::uint32_t cell : layout.signature_cells) {
    for (; cell - row_begin >= width; row_begin += width) ++row;
    prf.add(coordinate(layout.left, static_cast<int>(cell - row_begin)), coordinate(layout.top, row));
    if (prf.full()) prf.flush(use);
  }
  prf.flush(use);
}

std::int8_t sign_of(bool negative) { return static_cast<std::int8_t>(1 - 2 * static_cast<int>(negative)); }

}  // namespace

Chips::Chips(const Key& key, ChipFormat format)
    : format_(format),
      layout_subkey_(key.subkey("gst-steg layout")),
      signature_subkey_(key.subkey("gst-steg signature")),
      permutation_(key) {}

void Chips::check_epoch(int epoch) const {
  if (epoch < 0 || epoch >= epochs_of(format_))
    throw std::out_of_range("epoch " + std::to_string(epoch) + " is not in 0.." +
                            std::to_string(epochs_of(format_) - 1));
}

ChipLayout Chips::layout(GridSize size, int epoch, int left, int top) const {
  check_epoch(epoch);
  return layout(phase_layout(size, phase_of(epoch), left, top), epoch);
}

ChipLayout Chips::layout(const ChipLayout& of_phase, int epoch) const {
  check_epoch(epoch);
  ChipLayout layout = of_phase;
  layout.epoch = epoch;
  if (format_ == ChipFormat::legacy) return layout;
  const std::vector<std::int8_t> of_day = day_signs(layout.size, epoch, layout.left, layout.top);
  for (std::size_t i = 0; i < of_day.size(); ++i) {
    if (layout.role[i] == Role::code) layout.sign[i] = static_cast<std::int8_t>(layout.sign[i] * of_day[i]);
  }
  return layout;
}

std::vector<std::int8_t> Chips::day_signs(GridSize size, int epoch, int left, int top) const {
  check_epoch(epoch);
  if (format_ == ChipFormat::legacy) return std::vector<std::int8_t>(static_cast<std::size_t>(size.cells()), 1);
  const DaySignBlocks blocks(size, left, top);
  std::vector<std::uint8_t> bytes;
  blocks.fill(epoch, bytes);
  Aes128(layout_subkey_).encrypt(bytes.data(), blocks.count());
  std::vector<std::int8_t> signs(static_cast<std::size_t>(size.cells()));
  std::size_t cell = 0;
  for (int row = 0; row < size.height; ++row) {
    for (int column = 0; column < size.width; ++column) {
      const std::size_t bit = blocks.bit(row, column);
      signs[cell++] = sign_of((bytes[bit / 8] >> (7 - bit % 8) & 1) != 0);
    }
  }
  return signs;
}

ChipLayout Chips::phase_layout(GridSize size, int epoch, int left, int top) const {
  if (epoch < 0 || epoch >= kEpochs) throw std::out_of_range("phase " + std::to_string(epoch) + " is not in 0..7");
  ChipLayout layout{size, epoch, left, top, {}, {}, {}, {}};
  const auto cells = static_cast<std::size_t>(size.cells());
  layout.role.resize(cells);
  layout.sign.resize(cells);
  layout.bit.resize(cells);
  layout.signature_cells.resize(cells);
  std::size_t cell = 0;
  std::size_t signature_cells = 0;
  for_cells(CellPrf(layout_subkey_, kLayoutDomain, epoch), size, left, top,
            [&layout, &cell, &signature_cells](const std::uint8_t* prf) {
              constexpr std::array<Role, 4> kRoles = {Role::pilot, Role::code, Role::code, Role::signature};
              const Role role = kRoles[prf[0] >> 6];
              // Products instead of branches, which would be mispredicted: the roles are random.
              const int negative = (prf[0] >> 5 & 1) * static_cast<int>(role != Role::signature);
              layout.role[cell] = role;
              layout.sign[cell] = sign_of(negative != 0);
              layout.bit[cell] = static_cast<std::uint8_t>(prf[1] * static_cast<int>(role == Role::code));
              layout.signature_cells[signature_cells] = static_cast<std::uint32_t>(cell);
              signature_cells += role == Role::signature ? 1 : 0;
              ++cell;
            });
  layout.signature_cells.resize(signature_cells);
  return layout;
}

Subkey Chips::id_subkey(std::string_view id, int epoch) const {
  check_epoch(epoch);
  const std::uint64_t packed = pack_payload(id);
  std::string message;
  for (int i = 0; i < kMaxIdBytes; ++i) message += static_cast<char>(packed >> (8 * (kMaxIdBytes - 1 - i)) & 0xFF);
  if (format_ == ChipFormat::day) message += static_cast<char>(epoch >> 8);
  message += static_cast<char>(epoch & 0xFF);
  return truncate(hmac_sha256(signature_subkey_.data(), signature_subkey_.size(), message));
}

std::vector<std::int8_t> Chips::signature(std::string_view id, GridSize size, int epoch, int left, int top) const {
  std::vector<std::int8_t> chips;
  chips.reserve(static_cast<std::size_t>(size.cells()));
  for_cells(CellPrf(id_subkey(id, epoch), kSignatureDomain, phase_of(epoch)), size, left, top,
            [&chips](const std::uint8_t* prf) { chips.push_back(sign_of((prf[0] & 0x80) != 0)); });
  return chips;
}

std::vector<std::int8_t> Chips::signature(std::string_view id, const ChipLayout& layout) const {
  return signature(id, layout, layout.epoch);
}

std::vector<std::int8_t> Chips::signature(std::string_view id, const ChipLayout& layout, int epoch) const {
  std::vector<std::int8_t> chips;
  chips.reserve(layout.signature_cells.size());
  for_signature_cells(CellPrf(id_subkey(id, epoch), kSignatureDomain, phase_of(epoch)), layout,
                      [&chips](const std::uint8_t* prf) { chips.push_back(sign_of((prf[0] & 0x80) != 0)); });
  return chips;
}

std::vector<float> Chips::frame(std::string_view id, GridSize size, int epoch) const {
  return frame(id, layout(size, epoch));
}

std::vector<float> Chips::frame(std::string_view id, const ChipLayout& cells) const {
  const Codeword bits = codeword(id);
  std::vector<float> chips(cells.role.size());
  for (std::size_t i = 0; i < chips.size(); ++i) {
    // Without branches, which would be mispredicted: the roles are random.
    const bool flipped = (bits[cells.bit[i]] & static_cast<std::uint8_t>(cells.role[i] == Role::code)) != 0;
    chips[i] = static_cast<float>(cells.sign[i] * sign_of(flipped));
  }
  const std::vector<std::int8_t> proof = signature(id, cells);
  for (std::size_t i = 0; i < proof.size(); ++i) chips[cells.signature_cells[i]] = proof[i];
  return chips;
}

Codeword Chips::codeword(std::string_view id) const { return polar_encode(permutation_.apply(pack_payload(id))); }

}  // namespace steg
