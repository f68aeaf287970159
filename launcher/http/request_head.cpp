// SPDX-License-Identifier: LGPL-2.1-or-later
#include "request_head.hpp"

#include <algorithm>
#include <utility>

namespace launcher {
namespace {

constexpr std::size_t kMostDigits = 18;
constexpr const char* kBlanks = " \t\r";

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return text;
}

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

bool RequestHead::take(const char* data, std::size_t size) {
  for (std::size_t i = 0; i < size && !whole_; ++i) {
    if (++size_ > kMost || data[i] == '\0') return false;
    if (data[i] != '\n') {
      line_ += data[i];
    } else if (!end_of_line()) {
      return false;
    }
  }
  return true;
}

bool RequestHead::end_of_line() {
  const std::string line = std::exchange(line_, {});
  if (line.empty() || line == "\r") {
    whole_ = begun_;
    return true;
  }
  // The first line says what is asked for.
  if (!std::exchange(begun_, true)) return true;
  if (line.front() == ' ' || line.front() == '\t') return false;
  const std::size_t colon = line.find(':');
  return colon == std::string::npos ||
         take_field(lower(trimmed(line.substr(0, colon))), trimmed(line.substr(colon + 1)));
}

bool RequestHead::take_field(const std::string& name, const std::string& value) {
  const bool length = name == "content-length";
  if (!length && name != "transfer-encoding") return true;
  if (std::exchange(has_length_, true)) return false;
  if (!length) return lower(value) == "chunked";
  return !value.empty() && value.size() <= kMostDigits &&
         std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace launcher
