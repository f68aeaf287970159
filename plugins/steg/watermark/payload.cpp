// SPDX-License-Identifier: LGPL-2.1-or-later
#include "payload.hpp"

#include <algorithm>
#include <iterator>

namespace steg {

namespace {

constexpr int kHalfBits = kPayloadBits / 2;
constexpr std::uint64_t kHalfMask = (std::uint64_t{1} << kHalfBits) - 1;
constexpr std::uint64_t kPayloadMask = (std::uint64_t{1} << kPayloadBits) - 1;

// FF1 of NIST SP 800-38G has 10 rounds for any domain, FF3-1 has 8. Ten cost a microsecond.
constexpr int kRounds = 10;

std::uint8_t byte(char c) { return static_cast<std::uint8_t>(c); }

/// Bytes of the well-formed UTF-8 sequence at the start of `text` (Unicode 15, table 3-7), 0 if there is none.
std::size_t utf8_sequence(std::string_view text) {
  const std::uint8_t lead = byte(text[0]);
  if (lead < 0x80) return 1;
  std::size_t length = 0;
  std::uint8_t lowest = 0x80;
  std::uint8_t highest = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) lowest = 0xA0;
    if (lead == 0xED) highest = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) lowest = 0x90;
    if (lead == 0xF4) highest = 0x8F;
  }
  if (length == 0 || text.size() < length) return 0;
  if (byte(text[1]) < lowest || byte(text[1]) > highest) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if (byte(text[i]) < 0x80 || byte(text[i]) > 0xBF) return 0;
  }
  return length;
}

/// What is wrong with an ID; null if nothing.
const char* fault(std::string_view id) {
  if (id.empty()) return "the ID is empty: give 1 to 7 bytes of UTF-8";
  if (id.size() > kMaxIdBytes) return "the ID is longer than 7 bytes of UTF-8: shorten it";
  for (std::size_t at = 0; at < id.size();) {
    const std::size_t length = utf8_sequence(id.substr(at));
    if (length == 0) return "the ID is not valid UTF-8: give 1 to 7 bytes of UTF-8";
    const bool c0_or_delete = byte(id[at]) < 0x20 || byte(id[at]) == 0x7F;
    const bool c1 = byte(id[at]) == 0xC2 && byte(id[at + length - 1]) < 0xA0;
    if (c0_or_delete || c1) return "the ID holds a control character: use printable characters";
    at += length;
  }
  return nullptr;
}

/// Of a well-formed sequence.
std::uint32_t code_point(std::string_view sequence) {
  if (sequence.size() == 1) return byte(sequence[0]);
  std::uint32_t value = byte(sequence[0]) & (0xFFU >> (sequence.size() + 1));
  for (std::size_t i = 1; i < sequence.size(); ++i) value = value << 6 | (byte(sequence[i]) & 0x3FU);
  return value;
}

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

/// Without width, or changing what others look like: soft hyphen, joiners, directions, byte order mark, tags.
constexpr Range kInvisible[] = {{0xAD, 0xAD},     {0x34F, 0x34F},   {0x61C, 0x61C},     {0x17B4, 0x17B5},
                                {0x180B, 0x180F}, {0x200B, 0x200F}, {0x2028, 0x202E},   {0x2060, 0x206F},
                                {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}};

/// With width, and nothing to see: blanks and fillers; and what only shapes the character before it.
constexpr Range kBlank[] = {{0x20, 0x20},     {0xA0, 0xA0},     {0x115F, 0x1160}, {0x1680, 0x1680},
                            {0x2000, 0x200A}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x2800, 0x2800},
                            {0x3000, 0x3000}, {0x3164, 0x3164}, {0xFE00, 0xFE0F}, {0xFFA0, 0xFFA0}};

template <std::size_t kCount>
bool is_in(const Range (&ranges)[kCount], std::uint32_t character) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [character](const Range& range) { return range.first <= character && character <= range.last; });
}

std::uint32_t round_function(Aes128& aes, int number, std::uint32_t half) {
  std::array<std::uint8_t, Aes128::kBlockBytes> block{};
  block[0] = 'F';
  block[1] = static_cast<std::uint8_t>(number);
  for (std::size_t i = 0; i < 4; ++i) block[12 + i] = static_cast<std::uint8_t>(half >> (24 - 8 * i));
  aes.encrypt(block.data(), 1);
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | block[i];
  return value & static_cast<std::uint32_t>(kHalfMask);
}

}  // namespace

bool is_id(std::string_view id) { return fault(id) == nullptr; }

void check_new_id(std::string_view id) {
  if (const char* why = fault(id)) throw IdError(why);
  bool visible = false;
  for (std::size_t at = 0; at < id.size();) {
    const std::size_t length = utf8_sequence(id.substr(at));
    const std::uint32_t character = code_point(id.substr(at, length));
    if (is_in(kInvisible, character)) {
      throw IdError(
          "the ID holds a character that nobody can see or type (without width, or for the direction of writing): use "
          "printable characters");
    }
    visible = visible || !is_in(kBlank, character);
    at += length;
  }
  if (!visible) throw IdError("the ID has only blanks, which nobody can see: use printable characters");
}

std::uint64_t pack_id(std::string_view id) {
  if (const char* why = fault(id)) throw IdError(why);
  std::uint64_t packed = 0;
  for (std::size_t i = 0; i < kMaxIdBytes; ++i) packed = packed << 8 | (i < id.size() ? byte(id[i]) : 0U);
  return packed;
}

std::optional<std::string> unpack_id(std::uint64_t packed) {
  if (packed > kPayloadMask) return std::nullopt;
  std::string id;
  for (int i = 0; i < kMaxIdBytes; ++i) id += static_cast<char>(packed >> (8 * (kMaxIdBytes - 1 - i)) & 0xFF);
  id.erase(id.find_last_not_of('\0') + 1);
  if (!is_id(id)) return std::nullopt;
  return id;
}

PayloadPermutation::PayloadPermutation(const Key& key) : subkey_(key.subkey("gst-steg payload")) {}

std::uint64_t PayloadPermutation::apply(std::uint64_t value) const {
  Aes128 aes(subkey_);
  auto left = static_cast<std::uint32_t>(value >> kHalfBits & kHalfMask);
  auto right = static_cast<std::uint32_t>(value & kHalfMask);
  for (int i = 0; i < kRounds; ++i) {
    const std::uint32_t next = left ^ round_function(aes, i, right);
    left = right;
    right = next;
  }
  return std::uint64_t{left} << kHalfBits | right;
}

std::uint64_t PayloadPermutation::invert(std::uint64_t value) const {
  Aes128 aes(subkey_);
  auto left = static_cast<std::uint32_t>(value >> kHalfBits & kHalfMask);
  auto right = static_cast<std::uint32_t>(value & kHalfMask);
  for (int i = kRounds - 1; i >= 0; --i) {
    const std::uint32_t before = right ^ round_function(aes, i, left);
    right = left;
    left = before;
  }
  return std::uint64_t{left} << kHalfBits | right;
}

}  // namespace steg
