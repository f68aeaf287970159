// From frames to records: when one begins, when it ends, what it counts.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event.hpp"
#include "plugins/common/action.hpp"
#include "text.hpp"

namespace audit {

using steg::Action;

/// The mark of one frame.
struct Mark {
  std::string_view id;
  std::string_view key_fingerprint;
  std::string_view model_fingerprint;
  Action action = Action::encode;
};

/// What is known of a record when it begins: the texts as they came.
struct Beginning {
  std::int64_t record = 0;  ///< as Event::record
  std::string id;
  std::string client_ip;
  std::string key_fingerprint;
  std::string model_fingerprint;
  std::int64_t minute = 0;  ///< minute_number()
  WallTime first_time = 0;
  std::optional<std::int64_t> first_pts;
};

/// An event as the streaming thread leaves it: cheap to make, and written out by another thread.
struct Note {
  EventKind kind = EventKind::open;
  std::shared_ptr<const Beginning> beginning;
  WallTime last_time = 0;
  std::optional<std::int64_t> last_pts;
  std::int64_t encoded = 0, repeated = 0, residual = 0;
};

/// Turns the frames of one session of one stream into events. A record lasts while ID, address, key, model and UTC
/// minute stay the same.
class Recorder {
 public:
  /// `session`: a name that no other session has.
  Recorder(std::string stream, std::string session);

  /// Whether this frame only counts in the record that is open, so that count() makes no event.
  bool continues(const Mark& mark, std::string_view client_ip, WallTime now) const;

  /// Counts one frame. Appends to `notes` a close if it ends a record, and an open if it begins one.
  void count(const Mark& mark, std::string_view client_ip, std::optional<std::int64_t> pts, WallTime now,
             std::vector<Note>& notes);

  /// Ends the open record, if there is one.
  void finish(std::vector<Note>& notes);

  /// The row of the event, as to_row() gives it. Text that no database stores is escaped (storable()). May be called
  /// while another thread uses the other functions.
  Row row(const Note& note) const;

  /// The minute of the open record (minute_number()); nothing if none is open.
  std::optional<std::int64_t> open_minute() const;

  const std::string& session() const { return session_; }
  std::int64_t records() const { return records_; }

 private:
  std::string stream_;
  std::string session_;
  std::int64_t records_ = 0;
  Note current_;  ///< what the close of the open record will say; without a beginning if none is open
};

}  // namespace audit
