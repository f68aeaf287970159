// One line a message on standard error, as text or as JSON.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace launcher {

enum class LogFormat { text, json };

/// Where a message comes from.
struct LogContext {
  std::string stream;  ///< empty: of the process
  std::string id;      ///< the ID that the stream has been given; empty if it has none
};

/// How messages are written from now on; `name_streams`: text lines begin with the stream's name, because there are
/// several. JSON lines always have it: {"time", "level", "stream", "id", "message"}.
void set_log_format(LogFormat format, bool name_streams);

/// Thread-safe: each call is one write.
void log_line(const std::string& text, const LogContext& context = {});

/// The same for what went wrong: level "error", and "error: " before the text.
void log_error(const std::string& text, const LogContext& context = {});

/// `text` with escapes (\n, \xNN) for what would end the line, move the cursor or turn the direction of writing: names
/// and addresses in it come from strangers.
std::string one_line(const std::string& text);

/// `text` as a JSON string, with its quotes.
std::string json_quoted(const std::string& text);

}  // namespace launcher
