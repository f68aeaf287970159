// SPDX-License-Identifier: LGPL-2.1-or-later
#include "day_search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "day_sign_blocks.hpp"
#include "polar_code.hpp"

namespace steg {
namespace {

constexpr int kTried = kDayEpochs / kEpochs;

// Signs are made and used for so many blocks at a time, because those of all lanes fit into the first cache then.
constexpr std::size_t kBlocksOfPart = 32;
constexpr std::uint32_t kBitsOfPart = kBlocksOfPart * 8 * Aes128::kBlockBytes;

/// The day signs of a part of the grid in several epochs at once.
class LaneSigns {
 public:
  LaneSigns(const DaySignBlocks& blocks, const Subkey& subkey) : blocks_(blocks.count()), aes_(subkey) {
    std::vector<std::uint8_t> plain;
    blocks.fill(0, plain);
    for (std::size_t first = 0; first < blocks_; first += kBlocksOfPart) {
      const std::uint8_t* part = &plain[first * Aes128::kBlockBytes];
      for (std::size_t lane = 0; lane < kLanes; ++lane)
        inputs_.insert(inputs_.end(), part, part + bytes_of(first / kBlocksOfPart));
    }
  }

  /// A mask of each bit. It stays until the next call.
  const std::uint16_t* of(const std::array<int, kLanes>& epochs, std::size_t part) {
    const std::size_t bytes = bytes_of(part);
    std::uint8_t* inputs = &inputs_[part * kLanes * kBlocksOfPart * Aes128::kBlockBytes];
    for (std::size_t lane = 0; lane < kLanes; ++lane)
      DaySignBlocks::set_epoch(epochs[lane], inputs + lane * bytes, bytes / Aes128::kBlockBytes);
    aes_.encrypt(inputs, signs_.data(), kLanes * bytes / Aes128::kBlockBytes);
    gather_lanes(signs_.data(), bytes, masks_.data());
    return masks_.data();
  }

 private:
  std::size_t bytes_of(std::size_t part) const {
    return std::min(kBlocksOfPart, blocks_ - part * kBlocksOfPart) * Aes128::kBlockBytes;
  }

  std::size_t blocks_;
  Aes128 aes_;
  std::vector<std::uint8_t> inputs_;  ///< of each part, of each lane
  std::array<std::uint8_t, kLanes * kBlocksOfPart * Aes128::kBlockBytes> signs_{};
  std::array<std::uint16_t, kBitsOfPart> masks_{};
};

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
  return bits > 0 ? (sum - bits) / std::sqrt(2.0 * bits) : 0;
}

DayFit DaySearch::best() const {
  if (fields_.empty()) return {0, 0};
  std::vector<const Field*> strongest;
  for (const Field& field : fields_) strongest.push_back(&field);
  std::stable_sort(strongest.begin(), strongest.end(),
                   [](const Field* a, const Field* b) { return a->energy > b->energy; });
  strongest.resize(std::min(kMost, strongest.size()));
  const int epoch = best_of(strongest);
  return {epoch, excess(epoch)};
}

std::vector<DaySearch::LaneField> DaySearch::in_lanes(const std::vector<const Field*>& fields) const {
  std::array<double, kCodeBits> sums{};
  for (const Field* field : fields)
    for (const Cell& cell : field->cells) sums[cell.bit] += std::fabs(static_cast<double>(cell.value));
  std::array<double, kCodeBits> scales{};
  for (std::size_t k = 0; k < sums.size(); ++k)
    if (sums[k] > 0) scales[k] = std::numeric_limits<std::int16_t>::max() / sums[k];
  const DaySignBlocks blocks(size_, left_, top_);
  std::vector<LaneField> lanes;
  for (const Field* field : fields) {
    LaneField& out = lanes.emplace_back();
    out.steps = field->steps;
    out.parts.resize((blocks.count() + kBlocksOfPart - 1) / kBlocksOfPart);
    for (const Cell& cell : field->cells) {
      // Towards zero, so that no sum can be too large.
      const auto value = static_cast<std::int16_t>(scales[cell.bit] * static_cast<double>(cell.value));
      out.parts[cell.at / kBitsOfPart].push_back({cell.at % kBitsOfPart, value, cell.bit});
    }
  }
  return lanes;
}

int DaySearch::best_of(const std::vector<const Field*>& strongest) const {
  const std::vector<LaneField> fields = in_lanes(strongest);
  std::array<int, kCodeBits> totals{};
  std::array<float, kCodeBits> weights{};
  {
    std::array<double, kCodeBits> energies{};
    for (const LaneField& field : fields) {
      for (const std::vector<LaneCell>& part : field.parts) {
        for (const LaneCell& cell : part) {
          totals[cell.sum] += cell.value;
          energies[cell.sum] += static_cast<double>(cell.value) * cell.value;
        }
      }
    }
    for (std::size_t k = 0; k < weights.size(); ++k)
      if (energies[k] > 0) weights[k] = static_cast<float>(1 / energies[k]);
  }
  LaneSigns signs(DaySignBlocks(size_, left_, top_), chips_.layout_subkey());
  int best = phase_;
  float most = -1;
  for (int first = 0; first < kTried; first += static_cast<int>(kLanes)) {
    const auto epoch_of = [&](std::size_t lane) { return phase_ + kEpochs * (first + static_cast<int>(lane)); };
    std::array<LaneSums, kCodeBits> negatives{};
    for (const LaneField& field : fields) {
      std::array<int, kLanes> epochs{};
      for (std::size_t lane = 0; lane < kLanes; ++lane) epochs[lane] = clock_.after(epoch_of(lane), field.steps);
      for (std::size_t part = 0; part < field.parts.size(); ++part) {
        const std::vector<LaneCell>& cells = field.parts[part];
        add_where_set(cells.data(), cells.size(), signs.of(epochs, part), negatives.data());
      }
    }
    std::array<float, kLanes> energies{};
    for (std::size_t k = 0; k < negatives.size(); ++k) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const auto product = static_cast<float>(totals[k] - 2 * negatives[k].of[lane]);
        energies[lane] += product * product * weights[k];
      }
    }
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      if (energies[lane] <= most) continue;
      most = energies[lane];
      best = epoch_of(lane);
    }
  }
  return best;
}

}  // namespace steg
