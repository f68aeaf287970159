// SPDX-License-Identifier: LGPL-2.1-or-later
#include "event.hpp"

#include <charconv>

namespace audit {

const char* const kColumnNames[kColumns] = {
    "stream",
    "event",
    "session",
    "record",
    "id",
    "client_ip",
    "minute",
    "first_time",
    "last_time",
    "first_pts",
    "last_pts",
    "frames_encoded",
    "frames_repeated",
    "frames_residual",
    "key_fingerprint",
    "model_fingerprint",
    "client_ip_salt",
    "client_ip_proof",
    "through_seq",
    "through_hash",
    "seq",
    "chain_key",
    "previous_hash",
    "hash",
};

namespace {

Value optional_text(const std::optional<std::int64_t>& number) {
  return number ? Value(std::to_string(*number)) : std::nullopt;
}

const std::string& required(const Value& value) {
  if (!value) throw AuditError("An audit record has no value where one is needed.");
  return *value;
}

}  // namespace

const char* name(EventKind kind) { return kind == EventKind::open ? "open" : "close"; }

std::int64_t to_integer(const Value& value) {
  const std::string& text = required(value);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    throw AuditError("An audit record has \"" + text + "\" where a whole number is needed.");
  return number;
}

std::optional<std::int64_t> optional_integer(const Value& value) {
  return value ? std::optional<std::int64_t>(to_integer(value)) : std::nullopt;
}

Row to_row(const Event& event) {
  Row row(kEventColumns);
  row[kStream] = event.stream;
  row[kEvent] = name(event.kind);
  row[kSession] = event.session;
  row[kRecord] = std::to_string(event.record);
  row[kId] = event.id;
  row[kClientIp] = event.client_ip;
  row[kMinute] = event.minute;
  row[kFirstTime] = event.first_time;
  row[kLastTime] = event.last_time;
  row[kFirstPts] = optional_text(event.first_pts);
  row[kLastPts] = optional_text(event.last_pts);
  row[kEncoded] = std::to_string(event.encoded);
  row[kRepeated] = std::to_string(event.repeated);
  row[kResidual] = std::to_string(event.residual);
  row[kKeyFingerprint] = event.key_fingerprint;
  row[kModelFingerprint] = event.model_fingerprint;
  return row;
}

void check_event(const Row& row) {
  if (row.size() < kEventColumns) throw AuditError("An audit record has too few columns.");
  const std::string& kind = required(row[kEvent]);
  if (kind != name(EventKind::open) && kind != name(EventKind::close))
    throw AuditError("\"" + kind + "\" is no event of an audit record.");
  for (const Column text :
       {kStream, kSession, kId, kClientIp, kMinute, kFirstTime, kLastTime, kKeyFingerprint, kModelFingerprint})
    required(row[text]);
  for (const Column number : {kRecord, kEncoded, kRepeated, kResidual}) to_integer(row[number]);
  for (const Column time : {kFirstPts, kLastPts}) optional_integer(row[time]);
}

Event from_row(const Row& row) {
  check_event(row);
  Event event;
  event.kind = row[kEvent] == name(EventKind::open) ? EventKind::open : EventKind::close;
  event.stream = *row[kStream];
  event.session = *row[kSession];
  event.record = to_integer(row[kRecord]);
  event.id = *row[kId];
  event.client_ip = *row[kClientIp];
  event.minute = *row[kMinute];
  event.first_time = *row[kFirstTime];
  event.last_time = *row[kLastTime];
  event.first_pts = optional_integer(row[kFirstPts]);
  event.last_pts = optional_integer(row[kLastPts]);
  event.encoded = to_integer(row[kEncoded]);
  event.repeated = to_integer(row[kRepeated]);
  event.residual = to_integer(row[kResidual]);
  event.key_fingerprint = *row[kKeyFingerprint];
  event.model_fingerprint = *row[kModelFingerprint];
  return event;
}

}  // namespace audit
