// What the mark of a segment in A/B watermarking says: a payload that is no ID.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace steg {

inline constexpr int kMostVariants = 4;

/// A segment of a stream, in one of the variants that it exists in.
struct SegmentMark {
  std::uint32_t position;
  int variant;  ///< 0 for the first
  bool operator==(const SegmentMark& other) const { return position == other.position && variant == other.variant; }
};

/// A payload as text is either an ID or what this returns: 7 bytes, of which the first is a control character, so that
/// no ID is equal to one. Throws std::invalid_argument for a variant that is none of the four.
std::string payload_of(const SegmentMark& segment);
/// Nothing for payloads that no segment has, IDs among them.
std::optional<SegmentMark> segment_of(std::string_view payload);

/// As pack_id() and unpack_id(), of IDs and of segments. Throws IdError.
std::uint64_t pack_payload(std::string_view payload);
std::optional<std::string> unpack_payload(std::uint64_t packed);

/// For people: an ID as it is, a segment as "segment 1234 b", which is too long for an ID.
std::string name_of_payload(std::string_view payload);

}  // namespace steg
