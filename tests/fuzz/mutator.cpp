// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mutator.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace fuzz {
namespace {

constexpr std::size_t kMostChanges = 8;
constexpr std::size_t kLongestPiece = 256;
/// At and beside the edges of integers.
constexpr std::array<std::uint64_t, 12> kEdges{0,      1,      0x7F,       0x80,       0xFF,        0x7FFF,
                                               0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFFU, ~std::uint64_t{0}};
constexpr std::array<const char*, 10> kDecimals{"0",     "-1",         "1",          "255", "65536",
                                                "1e309", "2147483648", "4294967296", "nan", "9223372036854775808"};

}  // namespace

std::string Mutator::change(const std::string& input, const std::string& other, std::size_t largest) {
  std::string bytes = input;
  for (std::size_t left = 1 + below(kMostChanges); left > 0; --left) change_once(bytes, other);
  if (bytes.size() > largest) bytes.resize(largest);
  return bytes;
}

std::string Mutator::piece_of(const std::string& bytes, std::size_t longest) {
  if (bytes.empty()) return "";
  const std::size_t from = below(bytes.size());
  return bytes.substr(from, 1 + below(longest));
}

void Mutator::change_once(std::string& bytes, const std::string& other) {
  const std::size_t at = below(bytes.size() + 1);
  const auto byte = static_cast<char>(random_() & 0xFFU);
  if (at == bytes.size()) {
    bytes += byte;
    return;
  }
  switch (below(12)) {
    case 0:
      bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ 1U << below(8));
      break;
    case 1:
      bytes[at] = byte;
      break;
    case 2:
      bytes.insert(at, 1, byte);
      break;
    case 3:
      bytes.erase(at, 1 + below(kLongestPiece));
      break;
    case 4:
      bytes.insert(at, piece_of(bytes, kLongestPiece));
      break;
    case 5:
      bytes.insert(at, piece_of(other, kLongestPiece));
      break;
    case 6:
      bytes.replace(at, 1 + below(kLongestPiece), piece_of(other, bytes.size() + 1));
      break;
    case 7:
      set_number(bytes);
      break;
    case 8:
      set_decimal(bytes);
      break;
    case 9:
      if (!words_.empty()) bytes.insert(at, words_[below(words_.size())]);
      break;
    case 10:
      if (!words_.empty()) {
        const std::string& word = words_[below(words_.size())];
        bytes.replace(at, word.size(), word);
      }
      break;
    default:
      // Seldom, or all would be short or long.
      if (below(8) == 0) {
        bytes.resize(at);
      } else if (below(8) == 0) {
        repeat(bytes);
      }
  }
}

/// Puts an edge into one, two, four or eight bytes, of either order.
void Mutator::set_number(std::string& bytes) {
  const std::size_t width = std::size_t{1} << below(4);
  if (bytes.size() < width) return;
  const std::size_t at = below(bytes.size() - width + 1);
  const std::uint64_t value = kEdges[below(kEdges.size())] + below(3) - 1;
  const bool big_endian = below(2) == 0;
  for (std::size_t i = 0; i < width; ++i)
    bytes[at + (big_endian ? width - 1 - i : i)] = static_cast<char>(value >> (8 * i) & 0xFFU);
}

/// Puts another number in place of digits, if there are any behind a random place.
void Mutator::set_decimal(std::string& bytes) {
  const auto is_digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  const auto from =
      std::find_if(bytes.begin() + static_cast<std::ptrdiff_t>(below(bytes.size())), bytes.end(), is_digit);
  if (from == bytes.end()) return;
  const auto to = std::find_if_not(from, bytes.end(), is_digit);
  bytes.replace(from, to, kDecimals[below(kDecimals.size())]);
}

/// A short piece very often, as nested brackets are.
void Mutator::repeat(std::string& bytes) {
  const std::string piece = piece_of(bytes, 8);
  const std::size_t at = below(bytes.size());
  std::string many;
  for (std::size_t left = std::size_t{1} << below(15); left > 0; --left) many += piece;
  bytes.insert(at, many);
}

}  // namespace fuzz
