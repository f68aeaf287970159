// SPDX-License-Identifier: LGPL-2.1-or-later
#include "line_text.hpp"

#include "plugins/common/crypto/hex.hpp"

namespace audit {

namespace {

std::string escape(const Value& value) {
  if (!value) return "-";
  if (*value == "-") return "%2d";
  std::string text;
  for (const char c : *value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == '%' || byte == 0x7F) {
      text.append("%").append(steg::to_hex(byte));
    } else {
      text.push_back(c);
    }
  }
  return text;
}

Value unescape(std::string_view text) {
  if (text == "-") return std::nullopt;
  std::string value;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::uint8_t byte = 0;
    if (text[i] == '%' && steg::from_hex(text.substr(i + 1, 2), &byte, 1)) {
      value.push_back(static_cast<char>(byte));
      i += 2;
    } else {
      value.push_back(text[i]);
    }
  }
  return value;
}

}  // namespace

std::string join_line(const Row& values) {
  std::string line;
  for (std::size_t i = 0; i < values.size(); ++i) line.append(i ? "\t" : "").append(escape(values[i]));
  return line;
}

Row split_line(std::string_view line) {
  Row values;
  while (true) {
    const std::size_t tab = line.find('\t');
    values.push_back(unescape(line.substr(0, tab)));
    if (tab == std::string_view::npos) return values;
    line.remove_prefix(tab + 1);
  }
}

}  // namespace audit
