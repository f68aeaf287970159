// SPDX-License-Identifier: LGPL-2.1-or-later
#include "text_table.hpp"

#include <algorithm>
#include <cstdint>

#include "plugins/common/crypto/hex.hpp"

namespace launcher {

namespace {

struct Character {
  std::size_t bytes = 1;
  bool shown = false;
};

Character character_at(const std::string& text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return {1, lead >= 0x20 && lead != 0x7F};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || at + bytes > text.size()) return {};
  std::uint32_t code = lead & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xC0U) != 0x80U) return {};
    code = code << 6U | (next & 0x3FU);
  }
  const auto between = [code](std::uint32_t first, std::uint32_t last) { return code >= first && code <= last; };
  // C1 controls, and the marks of the Unicode Bidirectional Algorithm (UAX #9) with the line separators beside them.
  const bool hidden = between(0x80, 0x9F) || code == 0x061C || between(0x200B, 0x200F) || between(0x2028, 0x202E) ||
                      between(0x2060, 0x206F) || code == 0xFEFF;
  return {bytes, !hidden};
}

std::size_t characters(const std::string& utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

std::string printable(const std::string& text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    for (std::size_t i = at; i < at + character.bytes; ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      if (character.shown)
        result.push_back(text[i]);
      else
        result.append("\\x").append(steg::to_hex(byte));
    }
    at += character.bytes;
  }
  return result;
}

std::string text_table(const std::vector<std::vector<std::string>>& rows, std::size_t indent) {
  std::vector<std::vector<std::string>> cells = rows;
  std::vector<std::size_t> widths;
  for (auto& row : cells) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      row[i] = printable(row[i]);
      widths[i] = std::max(widths[i], characters(row[i]));
    }
  }
  std::string text;
  for (const auto& row : cells) {
    std::string line(indent, ' ');
    for (std::size_t i = 0; i < row.size(); ++i) line += row[i] + std::string(widths[i] - characters(row[i]) + 2, ' ');
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace launcher
