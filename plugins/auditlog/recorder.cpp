// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder.hpp"

#include <utility>

namespace audit {

Recorder::Recorder(std::string stream, std::string session) {
  current_.stream = std::move(stream);
  current_.session = std::move(session);
}

bool Recorder::continues(const Mark& mark, std::string_view client_ip, WallTime now) const {
  return open_ && minute_number(now) == minute_ && mark.id == id_ && client_ip == client_ip_ &&
         mark.key_fingerprint == key_ && mark.model_fingerprint == model_;
}

void Recorder::count(const Mark& mark, std::string_view client_ip, std::optional<std::int64_t> pts, WallTime now,
                     std::vector<Event>& events) {
  const bool begins = !continues(mark, client_ip, now);
  if (begins) {
    finish(events);
    open_ = true;
    minute_ = minute_number(now);
    id_ = mark.id;
    client_ip_ = client_ip;
    key_ = mark.key_fingerprint;
    model_ = mark.model_fingerprint;
    current_.kind = EventKind::open;
    current_.record += 1;
    current_.id = storable(id_);
    current_.client_ip = storable(client_ip_);
    current_.key_fingerprint = storable(key_);
    current_.model_fingerprint = storable(model_);
    current_.minute = utc_minute(minute_);
    current_.first_time = current_.last_time = utc_time(now);
    current_.first_pts = current_.last_pts = pts;
    current_.encoded = current_.repeated = current_.residual = 0;
    events.push_back(current_);
  }
  last_ = now;
  current_.last_pts = pts;
  switch (mark.action) {
    case Action::encode:
      current_.encoded += 1;
      break;
    case Action::repeat:
      current_.repeated += 1;
      break;
    case Action::residual:
      current_.residual += 1;
      break;
  }
}

void Recorder::finish(std::vector<Event>& events) {
  if (!open_) return;
  open_ = false;
  current_.kind = EventKind::close;
  current_.last_time = utc_time(last_);
  events.push_back(current_);
}

std::optional<std::int64_t> Recorder::open_minute() const {
  return open_ ? std::optional<std::int64_t>(minute_) : std::nullopt;
}

}  // namespace audit
