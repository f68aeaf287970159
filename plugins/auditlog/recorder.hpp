// From frames to records: when one begins, when it ends, what it counts.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event.hpp"
#include "text.hpp"

namespace audit {

enum class Action { encode, repeat, residual };

/// The mark of one frame.
struct Mark {
  std::string_view id;
  std::string_view key_fingerprint;
  std::string_view model_fingerprint;
  Action action = Action::encode;
};

/// Turns the frames of one session of one stream into events. A record lasts while ID, address, key, model and UTC
/// minute stay the same. Text that no database stores is escaped (storable()).
class Recorder {
 public:
  /// `session`: a name that no other session has.
  Recorder(std::string stream, std::string session);

  /// Whether this frame only counts in the record that is open, so that count() makes no event.
  bool continues(const Mark& mark, std::string_view client_ip, WallTime now) const;

  /// Counts one frame. Appends to `events` a close if it ends a record, and an open if it begins one.
  void count(const Mark& mark, std::string_view client_ip, std::optional<std::int64_t> pts, WallTime now,
             std::vector<Event>& events);

  /// Ends the open record, if there is one.
  void finish(std::vector<Event>& events);

  /// The minute of the open record (minute_number()); nothing if none is open.
  std::optional<std::int64_t> open_minute() const;

  const std::string& session() const { return current_.session; }
  std::int64_t records() const { return current_.record; }

 private:
  bool open_ = false;
  Event current_;  ///< of the open record; else only stream, session and the number of the last record
  std::int64_t minute_ = 0;
  WallTime last_ = 0;
  // As they came, before storable(), to compare the next frame's with.
  std::string id_, client_ip_, key_, model_;
};

}  // namespace audit
