// SPDX-License-Identifier: LGPL-2.1-or-later
#include "line_text.hpp"

namespace audit {

namespace {

std::string escape(const Value& value) {
  if (!value) return "-";
  if (*value == "-") return "%2d";
  std::string text;
  for (const char c : *value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == '%' || byte == 0x7F) {
      static const char digits[] = "0123456789abcdef";
      text.append({'%', digits[byte >> 4], digits[byte & 15]});
    } else {
      text.push_back(c);
    }
  }
  return text;
}

int hex_digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; }

Value unescape(std::string_view text) {
  if (text == "-") return std::nullopt;
  std::string value;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      value.push_back(static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])));
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
