// SPDX-License-Identifier: LGPL-2.1-or-later
#include "log.hpp"

#include <atomic>
#include <cstdio>

#include "status.hpp"

namespace launcher {
namespace {

std::atomic<LogFormat> log_format{LogFormat::kText};
std::atomic<bool> log_names_streams{false};

void write_line(const char* level, const std::string& text, const LogContext& context) {
  std::string line;
  if (log_format == LogFormat::kText) {
    line = "steg-launch: ";
    if (log_names_streams && !context.stream.empty()) line += "[" + context.stream + "] ";
    line += text;
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
  write_line("error", log_format == LogFormat::kText ? "error: " + text : text, context);
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
