// SPDX-License-Identifier: LGPL-2.1-or-later
#include "token_note.hpp"

#include <string_view>

namespace audit {

Event token_issued(const TokenNote& note) {
  Event event;
  event.kind = EventKind::open;
  event.session = note.token;
  event.record = 1;
  event.id = note.viewer;
  event.client_ip = note.client_ip;
  event.minute = note.issued.substr(0, std::string_view("2026-11-22T11:29").size()) + "Z";
  event.first_time = note.issued;
  event.last_time = note.until;
  event.key_fingerprint = note.key_fingerprint;
  event.model_fingerprint = note.pattern;
  return event;
}

Event token_revoked(const TokenNote& note, WallTime when) {
  Event event = token_issued(note);
  event.kind = EventKind::close;
  event.last_time = utc_time(when);
  return event;
}

}  // namespace audit
