// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder.hpp"

#include <utility>

namespace audit {

Recorder::Recorder(std::string stream, std::string session)
    : stream_(std::move(stream)), session_(std::move(session)) {}

bool Recorder::continues(const Mark& mark, std::string_view client_ip, WallTime now) const {
  const Beginning* open = current_.beginning.get();
  return open && minute_number(now) == open->minute && mark.id == open->id && client_ip == open->client_ip &&
         mark.key_fingerprint == open->key_fingerprint && mark.model_fingerprint == open->model_fingerprint;
}

void Recorder::count(const Mark& mark, std::string_view client_ip, std::optional<std::int64_t> pts, WallTime now,
                     std::vector<Note>& notes) {
  const bool begins = !continues(mark, client_ip, now);
  if (begins) finish(notes);
  current_.last_time = now;
  current_.last_pts = pts;
  if (begins) {
    current_.beginning = std::make_shared<const Beginning>(
        Beginning{++records_, std::string(mark.id), std::string(client_ip), std::string(mark.key_fingerprint),
                  std::string(mark.model_fingerprint), minute_number(now), now, pts});
    notes.push_back(current_);
  }
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

void Recorder::finish(std::vector<Note>& notes) {
  if (!current_.beginning) return;
  notes.push_back(std::exchange(current_, Note()));
  notes.back().kind = EventKind::close;
}

Row Recorder::row(const Note& note) const {
  const Beginning& beginning = *note.beginning;
  Event event;
  event.kind = note.kind;
  event.stream = stream_;
  event.session = session_;
  event.record = beginning.record;
  event.id = storable(beginning.id);
  event.client_ip = storable(beginning.client_ip);
  event.minute = utc_minute(beginning.minute);
  event.first_time = utc_time(beginning.first_time);
  event.last_time = utc_time(note.last_time);
  event.first_pts = beginning.first_pts;
  event.last_pts = note.last_pts;
  event.encoded = note.encoded;
  event.repeated = note.repeated;
  event.residual = note.residual;
  event.key_fingerprint = storable(beginning.key_fingerprint);
  event.model_fingerprint = storable(beginning.model_fingerprint);
  return to_row(event);
}

std::optional<std::int64_t> Recorder::open_minute() const {
  return current_.beginning ? std::optional<std::int64_t>(current_.beginning->minute) : std::nullopt;
}

}  // namespace audit
