// Bytes as hexadecimal digits.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace steg {

enum class HexCase { lower, upper };

inline std::string to_hex(const std::uint8_t* bytes, std::size_t count, HexCase digits = HexCase::lower) {
  const char* const kDigits = digits == HexCase::lower ? "0123456789abcdef" : "0123456789ABCDEF";
  std::string text;
  text.reserve(2 * count);
  for (std::size_t i = 0; i < count; ++i) {
    text.push_back(kDigits[bytes[i] >> 4U]);
    text.push_back(kDigits[bytes[i] & 15U]);
  }
  return text;
}

inline std::string to_hex(std::uint8_t byte, HexCase digits = HexCase::lower) { return to_hex(&byte, 1, digits); }

/// The value of a digit of either case; -1 if it is none.
constexpr int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

/// Reads exactly `count` bytes from digits of either case; false if the text is anything else.
inline bool from_any_hex(std::string_view text, std::uint8_t* bytes, std::size_t count) {
  if (text.size() != 2 * count) return false;
  for (std::size_t i = 0; i < count; ++i) {
    const int high = hex_value(text[2 * i]);
    const int low = hex_value(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return true;
}

/// The same from what to_hex() gives: an upper-case digit is refused, so that bytes have one text only.
inline bool from_hex(std::string_view text, std::uint8_t* bytes, std::size_t count) {
  return text.find_first_of("ABCDEF") == std::string_view::npos && from_any_hex(text, bytes, count);
}

}  // namespace steg
