// SPDX-License-Identifier: LGPL-2.1-or-later
#include "findings_json.hpp"

#include <cmath>

#include "plugins/steg/watermark/day_clock.hpp"

namespace steg_trace {
namespace {

void write_segment(JsonWriter& json, const Segment& segment, const AuditAgrees& audit_agrees) {
  json.begin_object();
  json.number("from", segment.from);
  json.number("to", segment.to);
  json.text("id", segment.id);
  json.number("p_value", p_value(segment.log10_p));
  json.number("log10_p", segment.log10_p);
  json.number("signature", segment.signature);
  json.number("bit_accuracy", segment.bit_accuracy);
  json.integer("frames", segment.frames);
  json.truth("mixed", segment.mixed);
  if (segment.marked) {
    json.text("marked_from", steg::time_of_day_text(segment.marked->from));
    json.text("marked_to", steg::time_of_day_text(segment.marked->to));
    json.number("marked_from_seconds", segment.marked->from);
    json.number("marked_to_seconds", segment.marked->to);
  }
  if (const auto agrees = audit_agrees ? audit_agrees(segment) : std::nullopt) json.truth("audit_agrees", *agrees);
  json.begin_array("outline");
  for (const Corner& corner : segment.outline) {
    json.element(corner.x);
    json.element(corner.y);
  }
  json.end_array();
  json.end_object();
}

const char* word(AbState state) {
  if (state == AbState::mixed) return "mixed";
  return state == AbState::read ? "read" : "unread";
}

void write_shown(JsonWriter& json, const AbSegment& segment) {
  json.begin_object();
  json.number("from", segment.from);
  json.number("to", segment.to);
  json.integer("position", segment.position);
  json.text("state", word(segment.state));
  if (segment.state == AbState::read) json.text("variant", std::string(1, segment.letter()));
  json.begin_array("likelihoods");
  for (const double weight : segment.likelihoods) json.element(weight);
  json.end_array();
  json.number("signature", segment.signature);
  json.integer("frames", segment.frames);
  json.end_object();
}

void write_viewer(JsonWriter& json, const ScoredViewer& viewer) {
  json.begin_object();
  json.text("viewer", viewer.name);
  json.truth("named", viewer.named);
  json.number("p_value", p_value(viewer.log10_p));
  json.number("log10_p", viewer.log10_p);
  json.integer("leakers", viewer.leakers);
  json.integer("first_position", viewer.first);
  json.integer("last_position", viewer.last);
  std::string variants;
  for (const int variant : viewer.variants) variants += static_cast<char>('a' + variant);
  json.text("variants", variants);
  json.end_object();
}

void write_ab(JsonWriter& json, const AbStream& ab) {
  json.name("ab");
  json.begin_object();
  json.number("signature", ab.signature);
  json.number("log10_p", ab.log10_p);
  json.begin_array("segments");
  for (const AbSegment& segment : ab.segments) write_shown(json, segment);
  json.end_array();
  if (!ab.warning.empty()) json.text("warning", ab.warning);
  json.integer("viewers", static_cast<std::int64_t>(ab.viewers));
  if (ab.viewers > 0) {
    if (std::isfinite(ab.needed_of_one)) json.number("needed_of_one", ab.needed_of_one);
    if (std::isfinite(ab.needed_of_two)) json.number("needed_of_two", ab.needed_of_two);
    json.begin_array("scores");
    for (const ScoredViewer& viewer : ab.scored) write_viewer(json, viewer);
    json.end_array();
  }
  json.end_object();
}

void write_found(JsonWriter& json, const Found& found) {
  json.name("found");
  json.begin_object();
  json.text("how", found.how);
  json.number("pilot", found.pilot);
  json.integer("position", found.position);
  json.end_object();
}

}  // namespace

void write_run(JsonWriter& json, const Run& run) {
  json.text("version", run.version);
  json.text("sandbox", run.sandbox);
  if (!run.command.empty()) json.text("command", run.command);
  json.text("made_at", run.made_at);
  json.text("key_fingerprint", run.key_fingerprint);
  json.truth("public_key", run.public_key);
  json.text("model_fingerprint", run.model_fingerprint);
  json.number("max_p_value", run.max_p_value);
}

void write_file(JsonWriter& json, const Findings& file, const AuditAgrees& audit_agrees) {
  json.begin_object();
  json.text("file", file.file);
  if (!file.error.empty()) {
    json.text("error", file.error);
  } else {
    if (!file.warning.empty()) json.text("warning", file.warning);
    json.integer("width", file.width);
    json.integer("height", file.height);
    json.number("duration", file.duration);
    json.integer("frames", static_cast<std::int64_t>(file.frames));
    if (file.found) write_found(json, *file.found);
    if (file.earlier) json.text("model_fingerprint", file.earlier->fingerprint);
  }
  if (!file.sha256.empty()) {
    json.text("sha256", file.sha256);
    json.integer("bytes", static_cast<std::int64_t>(file.bytes));
  }
  if (file.ab) write_ab(json, *file.ab);
  json.begin_array("segments");
  for (const Segment& segment : file.segments) write_segment(json, segment, audit_agrees);
  json.end_array();
  json.end_object();
}

}  // namespace steg_trace
