// SPDX-License-Identifier: LGPL-2.1-or-later
#include "log.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <iterator>
#include <string_view>

#include "plugins/common/crypto/hex.hpp"
#include "utc_now.hpp"

namespace launcher {
namespace {

std::atomic<LogFormat> log_format{LogFormat::text};
std::atomic<bool> log_names_streams{false};

/// What makes a terminal write from right to left, or end a line.
constexpr std::string_view kDirections[] = {"\u061C", "\u200E", "\u200F", "\u2028", "\u2029", "\u202A", "\u202B",
                                            "\u202C", "\u202D", "\u202E", "\u2066", "\u2067", "\u2068", "\u2069"};

/// Bytes of the character at the start of `text` if it must not reach a terminal; else 0.
std::size_t length_to_escape(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x20 || first == 0x7F) return 1;
  if (first == 0xC2 && text.size() > 1 && static_cast<unsigned char>(text[1]) < 0xA0) return 2;
  const auto mark = std::find_if(std::begin(kDirections), std::end(kDirections),
                                 [text](std::string_view each) { return text.substr(0, each.size()) == each; });
  return mark == std::end(kDirections) ? 0 : mark->size();
}

void write_line(const char* level, const std::string& text, const LogContext& context) {
  std::string line;
  if (log_format == LogFormat::text) {
    line = "steg-launch: ";
    if (log_names_streams && !context.stream.empty()) line += "[" + context.stream + "] ";
    line += one_line(text);
  } else {
    line = "{\"time\": " + json_quoted(utc_now()) + ", \"level\": " + json_quoted(level);
    if (!context.stream.empty()) line += ", \"stream\": " + json_quoted(context.stream);
    if (!context.id.empty()) line += ", \"id\": " + json_quoted(context.id);
    line += ", \"message\": " + json_quoted(text) + "}";
  }
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace

void set_log_format(LogFormat format, bool name_streams) {
  log_format = format;
  log_names_streams = name_streams;
}

void log_line(const std::string& text, const LogContext& context) { write_line("info", text, context); }

void log_error(const std::string& text, const LogContext& context) {
  write_line("error", log_format == LogFormat::text ? "error: " + text : text, context);
}

std::string one_line(const std::string& text) {
  std::string line;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t escaped = length_to_escape(std::string_view(text).substr(i));
    if (text[i] == '\n') {
      line += "\\n";
    } else if (escaped == 0) {
      line += text[i];
    } else {
      for (std::size_t k = i; k < i + escaped; ++k) {
        const auto byte = static_cast<unsigned char>(text[k]);
        line += "\\x" + steg::to_hex(byte, steg::HexCase::upper);
      }
    }
    i += std::max<std::size_t>(escaped, 1);
  }
  return line;
}

std::string json_quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      quoted += escape;
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

}  // namespace launcher
