// SPDX-License-Identifier: LGPL-2.1-or-later
#include "text.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

#include "event.hpp"
#include "plugins/common/crypto/hex.hpp"

namespace audit {

namespace {

constexpr WallTime kSecond = 1000000;

std::int64_t floor_divide(std::int64_t value, std::int64_t by) { return value / by - (value % by < 0 ? 1 : 0); }

/// Bytes of the storable character at the start of `text`; 0 if there is none.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) == 0) return 0;
  if (byte(0) < 0x80) return 1;
  const std::size_t length = byte(0) >= 0xF0 ? 4 : byte(0) >= 0xE0 ? 3 : 2;
  if (byte(0) < 0xC2 || byte(0) > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const bool overlong = (byte(0) == 0xE0 && byte(1) < 0xA0) || (byte(0) == 0xF0 && byte(1) < 0x90);
  const bool surrogate = byte(0) == 0xED && byte(1) >= 0xA0;
  const bool too_large = byte(0) == 0xF4 && byte(1) >= 0x90;
  return overlong || surrogate || too_large ? 0 : length;
}

std::tm broken_down(std::int64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  return parts;
}

}  // namespace

bool is_storable(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string storable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    std::size_t length = character_length(text);
    if (length > 0) {
      result.append(text.substr(0, length));
    } else {
      length = 1;
      const auto byte = static_cast<unsigned char>(text[0]);
      result.append("\\x").append(steg::to_hex(byte));
    }
    text.remove_prefix(length);
  }
  return result;
}

WallTime system_time() {
  using std::chrono::microseconds;
  return std::chrono::duration_cast<microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string utc_time(WallTime time) {
  const std::int64_t seconds = floor_divide(time, kSecond);
  const std::tm parts = broken_down(seconds);
  std::array<char, 64> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text.data() + length, text.size() - length, ".%06dZ", static_cast<int>(time - seconds * kSecond));
  return text.data();
}

std::int64_t minute_number(WallTime time) { return floor_divide(time, 60 * kSecond); }

std::string utc_minute(std::int64_t minute) {
  const std::tm parts = broken_down(minute * 60);
  std::array<char, 64> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%MZ", &parts);
  return text.data();
}

std::string minute_of_text(std::string_view text, DayEdge edge) {
  int year = 0, month = 0, day = 0, hour = edge == DayEdge::first ? 0 : 23, minute = edge == DayEdge::first ? 0 : 59;
  int second = 0, end = 0;
  const std::string copy(text);
  const char* c = copy.c_str();
  const auto wrong = [&] {
    return AuditError("\"" + copy + "\" is no time. Write it as 2026-11-22 or 2026-11-22T11:29, in UTC");
  };
  const auto read = [&](const char* pattern, auto*... numbers) {
    end = 0;
    constexpr int kNumbers = sizeof...(numbers);
    if (std::sscanf(c, pattern, numbers..., &end) != kNumbers || end == 0) return false;
    c += end;
    return true;
  };
  if (!read("%4d-%2d-%2d%n", &year, &month, &day)) throw wrong();
  if (*c == 'T' || *c == ' ') {
    ++c;
    if (!read("%2d:%2d%n", &hour, &minute)) throw wrong();
    if (*c == ':' && !read(":%2d%n", &second)) throw wrong();
  }
  if (*c == 'Z') ++c;
  std::tm parts{};
  parts.tm_year = year - 1900;
  parts.tm_mon = month - 1;
  parts.tm_mday = day;
  const std::time_t start = ::timegm(&parts);
  // timegm() makes 31 April 1 May: what comes back must be what went in.
  const bool day_exists = parts.tm_year == year - 1900 && parts.tm_mon == month - 1 && parts.tm_mday == day;
  const bool time_exists = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 61;
  if (*c != '\0' || !day_exists || !time_exists) throw wrong();
  return utc_minute(start / 60 + hour * 60 + minute);
}

}  // namespace audit
