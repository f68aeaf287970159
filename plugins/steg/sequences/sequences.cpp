// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sequences.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "plugins/steg/watermark/index.hpp"

namespace steg {

namespace {

constexpr std::size_t kTableSize = 64;
/// No split of the viewers is more uneven than this. What is rarer says more when it is read, and is read less often.
constexpr double kCutOff = 0.02;

using Table = std::array<std::uint32_t, kTableSize>;

std::uint32_t scaled(double share) { return static_cast<std::uint32_t>(std::lround(share * VariantShares::kScale)); }

double middle(std::size_t k) { return (static_cast<double>(k) + 0.5) / static_cast<double>(kTableSize); }

/// Quantiles of the arcsine distribution between the cut-offs.
const Table& arcsine_table() {
  static const Table table = [] {
    Table out{};
    const double first = std::asin(std::sqrt(kCutOff));
    const double last = std::acos(-1.0) / 2 - first;
    for (std::size_t k = 0; k < out.size(); ++k) {
      const double sine = std::sin(first + middle(k) * (last - first));
      out[k] = scaled(sine * sine);
    }
    return out;
  }();
  return table;
}

/// Quantiles of the uniform distribution between the cut-offs.
const Table& even_table() {
  static const Table table = [] {
    Table out{};
    for (std::size_t k = 0; k < out.size(); ++k) out[k] = scaled(kCutOff + middle(k) * (1 - 2 * kCutOff));
    return out;
  }();
  return table;
}

std::uint32_t part(std::uint32_t whole, std::uint32_t share) { return whole * share / VariantShares::kScale; }

void put(std::uint32_t value, std::uint8_t* out) {
  for (int i = 0; i < 4; ++i) out[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

}  // namespace

double VariantShares::of(int variant) const {
  return static_cast<double>(bounds.at(index(variant) + 1) - bounds.at(index(variant))) / kScale;
}

Sequences::Sequences(const Key& key, int variants, Bias bias)
    : variants_(variants),
      bias_(bias),
      sequence_subkey_(key.subkey("gst-steg sequence")),
      bias_subkey_(key.subkey("gst-steg bias")),
      viewer_subkey_(key.subkey("gst-steg viewer")) {
  if (variants < 2 || variants > kMostVariants) throw std::invalid_argument("there are 2 to 4 variants of a segment");
}

VariantShares Sequences::shares(std::uint32_t position) const {
  constexpr std::uint32_t kScale = VariantShares::kScale;
  VariantShares out{variants_, {}};
  for (std::size_t k = 0; k < out.bounds.size(); ++k) {
    const auto bound = static_cast<std::uint32_t>(k) * kScale / static_cast<std::uint32_t>(variants_);
    out.bounds[k] = std::min(kScale, bound);
  }
  if (bias_ == Bias::uniform) return out;

  std::array<std::uint8_t, Aes128::kBlockBytes> block{};
  block[0] = 'B';
  block[1] = static_cast<std::uint8_t>(variants_);
  put(position, &block[12]);
  Aes128(bias_subkey_).encrypt(block.data(), 1);
  const auto arcsine = [&block](std::size_t at) { return arcsine_table()[block[at] % kTableSize]; };
  const std::uint32_t even = even_table()[block[0] % kTableSize];
  if (variants_ == 2) {
    out.bounds[1] = arcsine(1);
  } else if (variants_ == 3) {
    out.bounds[1] = std::max(part(even, even), scaled(kCutOff * kCutOff));
    out.bounds[2] = out.bounds[1] + part(kScale - out.bounds[1], arcsine(1));
  } else {
    out.bounds[1] = part(even, arcsine(1));
    out.bounds[2] = even;
    out.bounds[3] = even + part(kScale - even, arcsine(2));
  }
  return out;
}

ViewerTag Sequences::tag(std::string_view viewer) const {
  const Digest digest = hmac_sha256(viewer_subkey_.data(), viewer_subkey_.size(), viewer);
  ViewerTag tag{};
  std::copy_n(digest.begin(), tag.size(), tag.begin());
  return tag;
}

void Sequences::fill(Aes128& aes, const ViewerTag& tag, const std::vector<std::uint32_t>& blocks, std::uint8_t* out) {
  std::uint8_t* at = out;
  for (const std::uint32_t block : blocks) {
    std::copy(tag.begin(), tag.end(), at);
    put(block, at + tag.size());
    at += Aes128::kBlockBytes;
  }
  aes.encrypt(out, blocks.size());
}

std::vector<std::uint8_t> Sequences::pattern(std::string_view viewer, std::uint32_t first, std::size_t count) const {
  std::vector<std::uint32_t> blocks;
  std::vector<std::uint8_t> out;
  const auto position_at = [first](std::size_t i) { return first + static_cast<std::uint32_t>(i); };
  for (std::size_t i = 0; i < count; ++i) {
    if (blocks.empty() || blocks.back() != block_of(position_at(i))) blocks.push_back(block_of(position_at(i)));
  }
  std::vector<std::uint8_t> bytes(blocks.size() * Aes128::kBlockBytes);
  Aes128 aes(sequence_subkey_);
  fill(aes, tag(viewer), blocks, bytes.data());
  out.reserve(count);
  std::size_t at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (block_of(position_at(i)) != blocks[at]) ++at;
    const std::uint32_t drawn = value(&bytes[at * Aes128::kBlockBytes], position_at(i));
    out.push_back(static_cast<std::uint8_t>(shares(position_at(i)).variant(drawn)));
  }
  return out;
}

}  // namespace steg
