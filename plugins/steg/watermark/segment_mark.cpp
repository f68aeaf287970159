// SPDX-License-Identifier: LGPL-2.1-or-later
#include "segment_mark.hpp"

#include <stdexcept>

#include "payload.hpp"

namespace steg {

namespace {

/// The first byte. Other control characters are free for other kinds of payloads.
constexpr char kSegment = '\x01';
constexpr std::size_t kVariantAt = 5;

/// All seven bytes, whatever they are.
std::string bytes_of(std::uint64_t packed) {
  std::string bytes;
  for (int i = kMaxIdBytes - 1; i >= 0; --i) bytes += static_cast<char>(packed >> (8 * i) & 0xFF);
  return bytes;
}

}  // namespace

std::string payload_of(const SegmentMark& segment) {
  if (segment.variant < 0 || segment.variant >= kMostVariants)
    throw std::invalid_argument("a segment has no variant of the number " + std::to_string(segment.variant));
  std::string payload(kMaxIdBytes, '\0');
  payload[0] = kSegment;
  for (std::size_t i = 0; i < 4; ++i) payload[1 + i] = static_cast<char>(segment.position >> (24 - 8 * i) & 0xFF);
  payload[kVariantAt] = static_cast<char>(segment.variant);
  return payload;
}

std::optional<SegmentMark> segment_of(std::string_view payload) {
  if (payload.size() != kMaxIdBytes || payload[0] != kSegment || payload[kVariantAt + 1] != '\0') return std::nullopt;
  const int variant = static_cast<std::uint8_t>(payload[kVariantAt]);
  if (variant >= kMostVariants) return std::nullopt;
  std::uint32_t position = 0;
  for (std::size_t i = 1; i <= 4; ++i) position = position << 8 | static_cast<std::uint8_t>(payload[i]);
  return SegmentMark{position, variant};
}

std::uint64_t pack_payload(std::string_view payload) {
  if (!segment_of(payload)) return pack_id(payload);
  std::uint64_t packed = 0;
  for (const char c : payload) packed = packed << 8 | static_cast<std::uint8_t>(c);
  return packed;
}

std::optional<std::string> unpack_payload(std::uint64_t packed) {
  if (packed >> kPayloadBits == 0) {
    if (std::string bytes = bytes_of(packed); segment_of(bytes)) return bytes;
  }
  return unpack_id(packed);
}

std::string name_of_payload(std::string_view payload) {
  const std::optional<SegmentMark> segment = segment_of(payload);
  if (!segment) return std::string(payload);
  return "segment " + std::to_string(segment->position) + " " + static_cast<char>('a' + segment->variant);
}

}  // namespace steg
