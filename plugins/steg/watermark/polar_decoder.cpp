// SPDX-License-Identifier: LGPL-2.1-or-later
#include "polar_decoder.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "index.hpp"

namespace steg {

namespace {

// Sums of 256 x 256 of these stay finite in a float.
constexpr float kLargestLlr = 1e30F;

float sanitize(float llr) {
  if (std::isnan(llr)) return 0;
  return std::clamp(llr, -kLargestLlr, kLargestLlr);
}

}  // namespace

void polar_transform(Codeword& bits) {
  for (int half = 1; half < kCodeBits; half *= 2) {
    for (int block = 0; block < kCodeBits; block += 2 * half) {
      for (int i = block; i < block + half; ++i) bits[index(i)] ^= bits[index(i + half)];
    }
  }
}

PolarListDecoder::PolarListDecoder(const InformationMask& information, int list_size) : list_size_(list_size) {
  if (list_size < 1) throw std::invalid_argument("a list decoder needs a list of at least 1");
  if (std::count(information.begin(), information.end(), true) > 64) {
    throw std::invalid_argument("a payload of more than 64 bits");
  }
  for (int stage = 0; stage <= kStages; ++stage) {
    const int length = 1 << stage;
    for (int offset = 0; offset < kCodeBits; offset += length) {
      const auto first = information.begin() + offset;
      const auto free_bits = std::count(first, first + length, true);
      Kind kind = Kind::split;
      if (free_bits == 0) {
        kind = Kind::frozen;
      } else if (free_bits == 1 && *(first + length - 1)) {
        kind = Kind::one_bit;
      }
      kinds_[index(stage)].push_back(kind);
    }
    // The channel's values, at the root, are the same for every path.
    alpha_[index(stage)].resize(index(stage == kStages ? length : length * list_size));
  }
}

float* PolarListDecoder::alpha(int stage, int slot) {
  return alpha_[index(stage)].data() + (std::ptrdiff_t{slot} << stage);
}

const float* PolarListDecoder::input(int stage, int path) {
  return alpha(stage, paths_[index(path)].slot[index(stage)]);
}

std::vector<Candidate> PolarListDecoder::decode(const SoftBits& llr) {
  std::transform(llr.begin(), llr.end(), alpha(kStages, 0), sanitize);
  paths_.assign(1, Path{});
  decode_node(kStages, 0);
  std::vector<Candidate> candidates;
  candidates.reserve(paths_.size());
  for (const Path& path : paths_) candidates.push_back({path.payload, path.metric});
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.metric < b.metric; });
  return candidates;
}

void PolarListDecoder::decode_node(int stage, int offset) {
  switch (kinds_[index(stage)][index(offset >> stage)]) {
    case Kind::frozen:
      decide_frozen(stage, offset);
      return;
    case Kind::one_bit:
      decide_bit(stage, offset);
      return;
    case Kind::split:
      descend_left(stage);
      decode_node(stage - 1, offset);
      descend_right(stage, offset);
      decode_node(stage - 1, offset + (1 << (stage - 1)));
      combine(stage, offset);
      return;
  }
}

// Every live path writes its own slot of a stage at the same moment, and none reads that stage before: hence slots may
// be shared between paths without counting references.
void PolarListDecoder::descend_left(int stage) {
  const int half = 1 << (stage - 1);
  for (int p = 0; p < static_cast<int>(paths_.size()); ++p) {
    const float* in = input(stage, p);
    float* out = alpha(stage - 1, p);
    for (int i = 0; i < half; ++i) {
      const float magnitude = std::min(std::fabs(in[i]), std::fabs(in[i + half]));
      out[i] = std::copysign(1.0F, in[i]) * std::copysign(magnitude, in[i + half]);
    }
    paths_[index(p)].slot[index(stage - 1)] = p;
  }
}

void PolarListDecoder::descend_right(int stage, int offset) {
  const int half = 1 << (stage - 1);
  for (int p = 0; p < static_cast<int>(paths_.size()); ++p) {
    const float* in = input(stage, p);
    const std::uint8_t* left = paths_[index(p)].sums.data() + offset;
    float* out = alpha(stage - 1, p);
    for (int i = 0; i < half; ++i) out[i] = in[i + half] + (left[i] != 0 ? -in[i] : in[i]);
    paths_[index(p)].slot[index(stage - 1)] = p;
  }
}

void PolarListDecoder::combine(int stage, int offset) {
  const int half = 1 << (stage - 1);
  for (Path& path : paths_) {
    std::uint8_t* sums = path.sums.data() + offset;
    for (int i = 0; i < half; ++i) sums[i] ^= sums[i + half];
  }
}

void PolarListDecoder::decide_frozen(int stage, int offset) {
  const int length = 1 << stage;
  for (int p = 0; p < static_cast<int>(paths_.size()); ++p) {
    const float* in = input(stage, p);
    float penalty = 0;
    for (int i = 0; i < length; ++i) penalty += std::max(0.0F, -in[i]);
    paths_[index(p)].metric += penalty;
    std::fill_n(paths_[index(p)].sums.begin() + offset, length, std::uint8_t{0});
  }
}

void PolarListDecoder::decide_bit(int stage, int offset) {
  const int length = 1 << stage;
  forks_.clear();
  for (int p = 0; p < static_cast<int>(paths_.size()); ++p) {
    const float* in = input(stage, p);
    float zero = 0;
    float one = 0;
    for (int i = 0; i < length; ++i) {
      zero += std::max(0.0F, -in[i]);
      one += std::max(0.0F, in[i]);
    }
    forks_.push_back({paths_[index(p)].metric + zero, p, false});
    forks_.push_back({paths_[index(p)].metric + one, p, true});
  }
  if (forks_.size() > index(list_size_)) {
    // A total order makes the outcome the same everywhere, ties included.
    std::nth_element(forks_.begin(), forks_.begin() + list_size_, forks_.end(), [](const Fork& a, const Fork& b) {
      if (a.metric != b.metric) return a.metric < b.metric;
      return a.path != b.path ? a.path < b.path : a.bit < b.bit;
    });
    forks_.resize(index(list_size_));
  }
  keep(forks_, stage, offset);
}

void PolarListDecoder::keep(const std::vector<Fork>& chosen, int stage, int offset) {
  next_.resize(chosen.size());
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    Path& path = next_[i];
    path = paths_[index(chosen[i].path)];
    path.metric = chosen[i].metric;
    path.payload = path.payload << 1 | (chosen[i].bit ? 1U : 0U);
    std::fill_n(path.sums.begin() + offset, 1 << stage, static_cast<std::uint8_t>(chosen[i].bit));
  }
  paths_.swap(next_);
}

}  // namespace steg
