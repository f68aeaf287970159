// SPDX-License-Identifier: LGPL-2.1-or-later
#include "day_search.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "day_sign_blocks.hpp"
#include "polar_code.hpp"

#if defined(__GNUC__) && defined(__x86_64__)
#include <immintrin.h>
#define STEG_HAS_SSE2 1
#else
#define STEG_HAS_SSE2 0
#endif
#define STEG_INLINE __attribute__((always_inline)) inline

namespace steg {
namespace {

// Epochs that are tried at once: the sign bits of a cell in all of them are one byte.
constexpr std::size_t kLanes = 8;
constexpr int kTried = kDayEpochs / kEpochs;

using Lanes = std::array<float, kLanes>;

/// +1 and -1 by the bits of a byte.
const std::array<Lanes, 256>& signs_of_byte() {
  static const std::array<Lanes, 256> table = [] {
    std::array<Lanes, 256> out{};
    for (std::size_t byte = 0; byte < out.size(); ++byte)
      for (std::size_t lane = 0; lane < kLanes; ++lane) out[byte][lane] = (byte >> lane & 1) != 0 ? -1.0F : 1.0F;
    return out;
  }();
  return table;
}

/// Byte i of the result has bit i of every byte of `rows` (Hacker's Delight, 7-3). Of integers or vectors of them.
template <typename Rows>
STEG_INLINE Rows transposed(Rows rows) {
  Rows t = (rows ^ rows >> 7) & 0x00AA00AA00AA00AAULL;
  rows ^= t ^ t << 7;
  t = (rows ^ rows >> 14) & 0x0000CCCC0000CCCCULL;
  rows ^= t ^ t << 14;
  t = (rows ^ rows >> 28) & 0x00000000F0F0F0F0ULL;
  return rows ^ t ^ t << 28;
}

/// `all` has so many bytes for each lane, whole blocks: of each of their bits, from the least significant on, its
/// values in all lanes as one byte.
#if STEG_HAS_SSE2
void gather(const std::uint8_t* all, std::size_t bytes, std::uint8_t* masks) {
  using Words = std::uint64_t __attribute__((vector_size(16)));
  for (std::size_t i = 0; i < bytes; i += Aes128::kBlockBytes) {
    __m128i rows[kLanes];
    for (std::size_t lane = 0; lane < kLanes; ++lane)
      rows[lane] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(all + lane * bytes + i));
    __m128i pairs[kLanes];  // of the bytes of two lanes, then of four, then of all, in turn
    for (std::size_t k = 0; k < 4; ++k) {
      pairs[k] = _mm_unpacklo_epi8(rows[2 * k], rows[2 * k + 1]);
      pairs[k + 4] = _mm_unpackhi_epi8(rows[2 * k], rows[2 * k + 1]);
    }
    for (std::size_t half = 0; half < 2; ++half) {
      const __m128i* from = &pairs[4 * half];
      const __m128i fours[] = {_mm_unpacklo_epi16(from[0], from[1]), _mm_unpackhi_epi16(from[0], from[1]),
                               _mm_unpacklo_epi16(from[2], from[3]), _mm_unpackhi_epi16(from[2], from[3])};
      for (std::size_t k = 0; k < 2; ++k) {
        const __m128i eights[] = {_mm_unpacklo_epi32(fours[k], fours[k + 2]),
                                  _mm_unpackhi_epi32(fours[k], fours[k + 2])};
        for (const __m128i& words : eights) {
          const auto columns = reinterpret_cast<__m128i>(transposed(reinterpret_cast<Words>(words)));
          _mm_storeu_si128(reinterpret_cast<__m128i*>(masks), columns);
          masks += 16;
        }
      }
    }
  }
}
#else
void gather(const std::uint8_t* all, std::size_t bytes, std::uint8_t* masks) {
  for (std::size_t i = 0; i < bytes; ++i, masks += 8) {
    std::uint64_t rows = 0;
    for (std::size_t lane = 0; lane < kLanes; ++lane)
      rows |= static_cast<std::uint64_t>(all[lane * bytes + i]) << (8 * lane);
    const std::uint64_t columns = transposed(rows);
    for (std::size_t bit = 0; bit < 8; ++bit) masks[bit] = static_cast<std::uint8_t>(columns >> (8 * bit));
  }
}
#endif

STEG_INLINE void add_body(const DaySearch::Cell* cells, std::size_t count, const std::uint8_t* masks, Lanes* products) {
  const Lanes* signs = signs_of_byte().data();
  for (std::size_t i = 0; i < count; ++i) {
    const DaySearch::Cell& cell = cells[i];
    const float* sign = signs[masks[cell.at]].data();
    float* product = products[cell.bit].data();
    const float value = cell.value;
    // Whole before it is stored: one instruction for all lanes.
    Lanes sum;
    for (std::size_t lane = 0; lane < kLanes; ++lane) sum[lane] = product[lane] + sign[lane] * value;
    for (std::size_t lane = 0; lane < kLanes; ++lane) product[lane] = sum[lane];
  }
}

using Adder = void (*)(const DaySearch::Cell*, std::size_t, const std::uint8_t*, Lanes*);

void add_portable(const DaySearch::Cell* cells, std::size_t count, const std::uint8_t* masks, Lanes* products) {
  add_body(cells, count, masks, products);
}

#if STEG_HAS_SSE2
__attribute__((target("avx2"))) void add_avx2(const DaySearch::Cell* cells, std::size_t count,
                                              const std::uint8_t* masks, Lanes* products) {
  add_body(cells, count, masks, products);
}
#endif

Adder adder() {
#if STEG_HAS_SSE2
  static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;
  if (has_avx2) return add_avx2;
#endif
  return add_portable;
}

double excess_of(double energy, int bits) { return bits > 0 ? (energy - bits) / std::sqrt(2.0 * bits) : 0; }

}  // namespace

void DaySearch::add(const std::vector<float>& field, const ChipLayout& of_phase, long steps) {
  if (fields_.empty()) {
    size_ = of_phase.size;
    left_ = of_phase.left;
    top_ = of_phase.top;
    phase_ = phase_of(of_phase.epoch);
  }
  const DaySignBlocks blocks(size_, left_, top_);
  Field added{steps, 0, {}};
  added.cells.reserve(field.size() / 2 + field.size() / 16);
  std::size_t i = 0;
  for (int row = 0; row < size_.height; ++row) {
    for (int column = 0; column < size_.width; ++column, ++i) {
      if (of_phase.role[i] != Role::code) continue;
      const float value = of_phase.sign[i] > 0 ? field[i] : -field[i];
      added.energy += static_cast<double>(value) * value;
      added.cells.push_back({static_cast<std::uint32_t>(blocks.bit(row, column) ^ 7), value, of_phase.bit[i]});
    }
  }
  fields_.push_back(std::move(added));
}

double DaySearch::excess(int epoch) const {
  std::array<double, kCodeBits> products{};
  std::array<double, kCodeBits> energies{};
  if (fields_.empty()) return 0;
  const DaySignBlocks blocks(size_, left_, top_);
  std::vector<std::uint8_t> bytes;
  Aes128 aes(chips_.layout_subkey());
  for (const Field& field : fields_) {
    blocks.fill(clock_.after(epoch, field.steps), bytes);
    aes.encrypt(bytes.data(), blocks.count());
    for (const Cell& cell : field.cells) {
      const bool negative = (bytes[cell.at / 8] >> cell.at % 8 & 1) != 0;
      products[cell.bit] += static_cast<double>(negative ? -cell.value : cell.value);
      energies[cell.bit] += static_cast<double>(cell.value) * cell.value;
    }
  }
  double sum = 0;
  int bits = 0;
  for (std::size_t k = 0; k < products.size(); ++k) {
    if (!(energies[k] > 0)) continue;
    sum += products[k] * products[k] / energies[k];
    ++bits;
  }
  return excess_of(sum, bits);
}

DayFit DaySearch::best() const {
  if (fields_.empty()) return {0, 0};
  std::vector<const Field*> strongest;
  for (const Field& field : fields_) strongest.push_back(&field);
  std::stable_sort(strongest.begin(), strongest.end(),
                   [](const Field* a, const Field* b) { return a->energy > b->energy; });
  strongest.resize(std::min(kMost, strongest.size()));
  DayFit fit = best_of(strongest);
  if (strongest.size() < fields_.size()) fit.excess = excess(fit.epoch);
  return fit;
}

DayFit DaySearch::best_of(const std::vector<const Field*>& fields) const {
  std::array<float, kCodeBits> scale{};
  int bits = 0;
  {
    std::array<double, kCodeBits> energies{};
    for (const Field* field : fields)
      for (const Cell& cell : field->cells) energies[cell.bit] += static_cast<double>(cell.value) * cell.value;
    for (std::size_t k = 0; k < scale.size(); ++k) {
      if (!(energies[k] > 0)) continue;
      scale[k] = static_cast<float>(1 / std::sqrt(energies[k]));
      ++bits;
    }
  }
  const DaySignBlocks blocks(size_, left_, top_);
  const std::size_t bytes = blocks.count() * Aes128::kBlockBytes;
  std::vector<std::uint8_t> plain;
  std::vector<std::uint8_t> all(kLanes * bytes);
  std::vector<std::uint8_t> masks(bytes * 8);
  blocks.fill(0, plain);
  Aes128 aes(chips_.layout_subkey());
  const auto add = adder();

  DayFit best{phase_, -HUGE_VAL};
  for (int first = 0; first < kTried; first += static_cast<int>(kLanes)) {
    std::array<Lanes, kCodeBits> products{};
    for (const Field* field : fields) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const int epoch = phase_ + kEpochs * (first + static_cast<int>(lane));
        std::uint8_t* own = &all[lane * bytes];
        std::copy(plain.begin(), plain.end(), own);
        blocks.set_epoch(clock_.after(epoch, field->steps), own);
      }
      aes.encrypt(all.data(), kLanes * blocks.count());
      gather(all.data(), bytes, masks.data());
      add(field->cells.data(), field->cells.size(), masks.data(), products.data());
    }
    Lanes sums{};
    for (std::size_t k = 0; k < products.size(); ++k) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const float z = products[k][lane] * scale[k];
        sums[lane] += z * z;
      }
    }
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const double excess = excess_of(static_cast<double>(sums[lane]), bits);
      if (excess > best.excess) best = {phase_ + kEpochs * (first + static_cast<int>(lane)), excess};
    }
  }
  return best;
}

}  // namespace steg
