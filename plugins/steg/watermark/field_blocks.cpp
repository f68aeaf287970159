// SPDX-License-Identifier: LGPL-2.1-or-later
#include "field_blocks.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace steg {
namespace {

std::size_t tile_of(int x, int y, GridSize size) {
  const int across = x * FieldBlocks::kTilesAcross / size.width;
  const int down = y * FieldBlocks::kTilesDown / size.height;
  return static_cast<std::size_t>(down * FieldBlocks::kTilesAcross + across);
}

void add_to(std::vector<float>& sum, const std::vector<float>& values) {
  if (sum.empty()) sum.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) sum[i] += values[i];
}

}  // namespace

void FieldBlocks::CodeSum::add(const CodeSum& other) {
  for (std::size_t k = 0; k < products.size(); ++k) products[k] += other.products[k];
  energy += other.energy;
}

SoftBits FieldBlocks::CodeSum::soft_bits() const {
  SoftBits z{};
  if (!(energy > 0)) return z;
  const auto norm = static_cast<float>(std::sqrt(kCodeBits / energy));
  std::transform(products.begin(), products.end(), z.begin(), [norm](float product) { return product * norm; });
  return z;
}

void FieldBlocks::Block::add(const Block& later) {
  for (std::size_t tile = 0; tile < kTiles; ++tile) code[tile].add(later.code[tile]);
  for (const auto& [epoch, from] : later.epochs) {
    OfEpoch& own = epochs[epoch];
    add_to(own.values, from.values);
    own.strength += from.strength;
  }
  while (epochs.size() > kMostEpochsOfBlock) {
    epochs.erase(std::min_element(epochs.begin(), epochs.end(),
                                  [](const auto& a, const auto& b) { return a.second.strength < b.second.strength; }));
  }
}

void FieldBlocks::add(const float* field, int epoch, double time) {
  const Reader::Cells& cells = reader_.cells(phase_of(epoch));
  const ChipLayout& layout = cells.layout;
  const std::vector<std::int8_t> of_day = reader_.chips().day_signs(layout.size, epoch);
  Block block{time, {}, {}};
  OfEpoch& own = block.epochs[epoch];
  std::size_t i = 0;
  for (int y = 0; y < layout.size.height; ++y) {
    for (int x = 0; x < layout.size.width; ++x, ++i) {
      if (layout.role[i] != Role::code) continue;
      CodeSum& code = block.code[tile_of(x, y, layout.size)];
      const float f = evidence_of(field[i]);
      code.products[layout.bit[i]] += layout.sign[i] == of_day[i] ? f : -f;
      code.energy += static_cast<double>(f) * f;
      own.strength += static_cast<double>(f) * f;
    }
  }
  own.values.reserve(cells.signature.size());
  for (const int cell : cells.signature) own.values.push_back(evidence_of(field[cell]));

  if (frames_in_last_ == 0 || frames_in_last_ == frames_per_block_) {
    if (blocks_.size() == kMostBlocks) halve();
    blocks_.push_back(std::move(block));
    frames_in_last_ = 1;
  } else {
    blocks_.back().add(block);
    ++frames_in_last_;
  }
}

void FieldBlocks::halve() {
  for (std::size_t i = 0; i < blocks_.size() / 2; ++i) {
    if (i > 0) blocks_[i] = std::move(blocks_[2 * i]);
    blocks_[i].add(blocks_[2 * i + 1]);
  }
  blocks_.resize(blocks_.size() / 2);
  frames_per_block_ *= 2;
}

std::vector<int> FieldBlocks::strongest(const std::vector<double>& weights) const {
  std::map<int, double> strengths;
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    for (const auto& [epoch, own] : blocks_[b].epochs) strengths[epoch] += weights.at(b) * weights.at(b) * own.strength;
  }
  std::vector<std::pair<double, int>> ranked;
  for (const auto& [epoch, strength] : strengths) ranked.emplace_back(strength, epoch);
  std::sort(ranked.rbegin(), ranked.rend());
  ranked.resize(std::min(ranked.size(), kMostEpochsOfSum));
  std::vector<int> epochs;
  for (const auto& [strength, epoch] : ranked) epochs.push_back(epoch);
  return epochs;
}

FieldBlocks::SignatureSum FieldBlocks::signature_sum(const Weights& weights) const {
  SignatureSum sum;
  for (const int epoch : strongest(weights.blocks)) sum[epoch];
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    const auto weight = static_cast<float>(weights.blocks.at(b));
    if (weight == 0) continue;
    for (const auto& [epoch, own] : blocks_[b].epochs) {
      const auto kept = sum.find(epoch);
      if (kept == sum.end()) continue;
      kept->second.resize(own.values.size());
      for (std::size_t i = 0; i < own.values.size(); ++i) kept->second[i] += weight * own.values[i];
    }
  }
  for (auto& [epoch, values] : sum) {
    const Reader::Cells& cells = reader_.cells(phase_of(epoch));
    const int width = cells.layout.size.width;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const int cell = cells.signature[i];
      values[i] *= static_cast<float>(weights.tiles[tile_of(cell % width, cell / width, cells.layout.size)]);
    }
  }
  return sum;
}

double FieldBlocks::signature(std::string_view id, const Weights& weights) const {
  return signature(id, signature_sum(weights));
}

double FieldBlocks::signature(std::string_view id, const SignatureSum& sum) const {
  double product = 0;
  double energy = 0;
  for (const auto& [epoch, values] : sum) {
    if (values.empty()) continue;
    const ChipLayout& layout = reader_.cells(phase_of(epoch)).layout;
    const std::vector<std::int8_t> chips = reader_.chips().signature(id, layout, epoch);
    for (std::size_t i = 0; i < chips.size(); ++i) {
      const double value = values[i];
      product += chips[i] * value;
      energy += value * value;
    }
  }
  return energy > 0 ? product / std::sqrt(energy) : 0;
}

}  // namespace steg
