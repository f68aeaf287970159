// SPDX-License-Identifier: LGPL-2.1-or-later
#include "chips.hpp"

#include <stdexcept>
#include <string>

namespace steg {

namespace {

// Domains keep the inputs of the PRF apart, should two subkeys ever be the same.
constexpr std::uint8_t kLayoutDomain = 'L';
constexpr std::uint8_t kSignatureDomain = 'S';

void check_epoch(int epoch) {
  if (epoch < 0 || epoch >= kEpochs) throw std::out_of_range("epoch " + std::to_string(epoch) + " is not in 0..7");
}

void put_big_endian(std::uint8_t* out, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) out[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

/// AES-128 of (domain, epoch, 0, 0, x, y, 0, 0, 0, 0), x and y as 32-bit big-endian two's complement, for runs of
/// cells: many blocks a call, few enough to stay in the first-level cache.
class CellPrf {
 public:
  CellPrf(const Subkey& key, std::uint8_t domain, int epoch)
      : aes_(key), domain_(domain), epoch_(static_cast<std::uint8_t>(epoch)) {}

  void add(std::uint32_t x, std::uint32_t y) {
    const std::size_t at = blocks_.size();
    blocks_.resize(at + Aes128::kBlockBytes, 0);
    blocks_[at] = domain_;
    blocks_[at + 1] = epoch_;
    put_big_endian(&blocks_[at + 4], x);
    put_big_endian(&blocks_[at + 8], y);
  }

  bool full() const { return blocks_.size() >= kRun * Aes128::kBlockBytes; }

  /// Calls `use` with the 16 PRF bytes of each cell that was added, in order, and forgets them.
  template <typename Use>
  void flush(Use use) {
    aes_.encrypt(blocks_.data(), blocks_.size() / Aes128::kBlockBytes);
    for (std::size_t at = 0; at < blocks_.size(); at += Aes128::kBlockBytes) use(&blocks_[at]);
    blocks_.clear();
  }

 private:
  static constexpr std::size_t kRun = 512;
  Aes128 aes_;
  std::uint8_t domain_;
  std::uint8_t epoch_;
  std::vector<std::uint8_t> blocks_;
};

/// Calls `use` with the PRF bytes of every cell of a grid for which `wanted(index)` holds, row by row.
template <typename Wanted, typename Use>
void for_cells(CellPrf prf, GridSize size, int left, int top, Wanted wanted, Use use) {
  std::size_t index = 0;
  for (int row = 0; row < size.height; ++row) {
    for (int column = 0; column < size.width; ++column, ++index) {
      if (!wanted(index)) continue;
      // Unsigned, so that coordinates wrap around instead of overflowing.
      prf.add(static_cast<std::uint32_t>(left) + static_cast<std::uint32_t>(column),
              static_cast<std::uint32_t>(top) + static_cast<std::uint32_t>(row));
      if (prf.full()) prf.flush(use);
    }
  }
  prf.flush(use);
}

std::int8_t sign_of(bool negative) { return negative ? std::int8_t{-1} : std::int8_t{1}; }

}  // namespace

Chips::Chips(const Key& key)
    : layout_subkey_(key.subkey("gst-steg layout")),
      signature_subkey_(key.subkey("gst-steg signature")),
      permutation_(key) {}

ChipLayout Chips::layout(GridSize size, int epoch, int left, int top) const {
  check_epoch(epoch);
  ChipLayout layout{size, epoch, left, top, {}, {}, {}};
  const auto cells = static_cast<std::size_t>(size.cells());
  layout.role.reserve(cells);
  layout.sign.reserve(cells);
  layout.bit.reserve(cells);
  for_cells(
      CellPrf(layout_subkey_, kLayoutDomain, epoch), size, left, top, [](std::size_t) { return true; },
      [&layout](const std::uint8_t* prf) {
        constexpr std::array<Role, 4> kRoles = {Role::pilot, Role::code, Role::code, Role::signature};
        const Role role = kRoles[prf[0] >> 6];
        layout.role.push_back(role);
        layout.sign.push_back(sign_of(role != Role::signature && (prf[0] & 0x20) != 0));
        layout.bit.push_back(role == Role::code ? prf[1] : std::uint8_t{0});
      });
  return layout;
}

Subkey Chips::id_subkey(std::string_view id, int epoch) const {
  check_epoch(epoch);
  const std::uint64_t packed = pack_id(id);
  std::string message;
  for (int i = 0; i < kMaxIdBytes; ++i) message += static_cast<char>(packed >> (8 * (kMaxIdBytes - 1 - i)) & 0xFF);
  message += static_cast<char>(epoch);
  return truncate(hmac_sha256(signature_subkey_.data(), signature_subkey_.size(), message));
}

std::vector<std::int8_t> Chips::signature(std::string_view id, GridSize size, int epoch, int left, int top) const {
  std::vector<std::int8_t> chips;
  chips.reserve(static_cast<std::size_t>(size.cells()));
  for_cells(
      CellPrf(id_subkey(id, epoch), kSignatureDomain, epoch), size, left, top, [](std::size_t) { return true; },
      [&chips](const std::uint8_t* prf) { chips.push_back(sign_of((prf[0] & 0x80) != 0)); });
  return chips;
}

std::vector<std::int8_t> Chips::signature(std::string_view id, const ChipLayout& layout) const {
  std::vector<std::int8_t> chips;
  chips.reserve(layout.role.size() / 3);
  for_cells(
      CellPrf(id_subkey(id, layout.epoch), kSignatureDomain, layout.epoch), layout.size, layout.left, layout.top,
      [&layout](std::size_t index) { return layout.role[index] == Role::signature; },
      [&chips](const std::uint8_t* prf) { chips.push_back(sign_of((prf[0] & 0x80) != 0)); });
  return chips;
}

std::vector<float> Chips::frame(std::string_view id, GridSize size, int epoch) const {
  const Codeword bits = codeword(id);
  const ChipLayout cells = layout(size, epoch);
  const std::vector<std::int8_t> proof = signature(id, cells);
  std::vector<float> chips(cells.role.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < chips.size(); ++i) {
    float chip = cells.sign[i];
    if (cells.role[i] == Role::signature) {
      chip = proof[next++];
    } else if (cells.role[i] == Role::code && bits[cells.bit[i]] != 0) {
      chip = -chip;
    }
    chips[i] = chip;
  }
  return chips;
}

Codeword Chips::codeword(std::string_view id) const { return polar_encode(permutation_.apply(pack_id(id))); }

}  // namespace steg
