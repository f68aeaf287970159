// SPDX-License-Identifier: LGPL-2.1-or-later
#include <json-glib/json-glib.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "launcher/base/audit_row_json.hpp"
#include "launcher/base/unref_object.hpp"
#include "marked_text.hpp"
#include "plugins/common/gst_ptr.hpp"
#include "plugins/steg/watermark/day_clock.hpp"
#include "report.hpp"

namespace trace {
namespace {

/// json-glib's builder in the words of this file.
class Writer {
 public:
  Writer() : builder_(json_builder_new()) {}
  void name(const char* name) { json_builder_set_member_name(builder_.get(), name); }
  void begin_object() { json_builder_begin_object(builder_.get()); }
  void end_object() { json_builder_end_object(builder_.get()); }
  void begin_array(const char* of) {
    name(of);
    json_builder_begin_array(builder_.get());
  }
  void end_array() { json_builder_end_array(builder_.get()); }
  void text(const char* of, const std::string& value) {
    name(of);
    // JSON is UTF-8, and the name of a file need not be.
    const gststeg::Ptr<gchar> valid(g_utf8_make_valid(value.c_str(), -1));
    json_builder_add_string_value(builder_.get(), valid.get());
  }
  void number(const char* of, double value) {
    name(of);
    json_builder_add_double_value(builder_.get(), value);
  }
  void element(double value) { json_builder_add_double_value(builder_.get(), value); }
  void integer(const char* of, std::int64_t value) {
    name(of);
    json_builder_add_int_value(builder_.get(), value);
  }
  void truth(const char* of, bool value) {
    name(of);
    json_builder_add_boolean_value(builder_.get(), value);
  }
  void element(launcher::JsonNodePtr value) { json_builder_add_value(builder_.get(), value.release()); }
  std::string finish() {
    const launcher::JsonNodePtr root(json_builder_get_root(builder_.get()));
    const gststeg::Ptr<gchar> text(json_to_string(root.get(), TRUE));
    return std::string(text.get()) + "\n";
  }

 private:
  std::unique_ptr<JsonBuilder, launcher::UnrefObject> builder_;
};

void write_segment(Writer& json, const Report& report, const Segment& segment) {
  json.begin_object();
  json.number("from", segment.from);
  json.number("to", segment.to);
  json.text("id", segment.reading.id);
  json.number("p_value", segment.reading.p_value());
  json.number("log10_p", segment.reading.log10_p);
  json.number("signature", segment.reading.signature);
  json.number("bit_accuracy", segment.reading.bit_accuracy);
  json.integer("frames", segment.frames);
  json.truth("mixed", segment.mixed);
  if (segment.marked) {
    json.text("marked_from", steg::time_of_day_text(segment.marked->from));
    json.text("marked_to", steg::time_of_day_text(segment.marked->to));
    json.number("marked_from_seconds", segment.marked->from);
    json.number("marked_to_seconds", segment.marked->to);
  }
  if (const auto agrees = audit_agrees(report, segment)) json.truth("audit_agrees", *agrees);
  json.begin_array("outline");
  for (const Corner& corner : segment.outline) {
    json.element(corner.x);
    json.element(corner.y);
  }
  json.end_array();
  json.end_object();
}

const char* word(steg::SegmentState state) {
  if (state == steg::SegmentState::mixed) return "mixed";
  return state == steg::SegmentState::read ? "read" : "unread";
}

void write_shown(Writer& json, const steg::ShownSegment& segment) {
  json.begin_object();
  json.number("from", segment.from);
  json.number("to", segment.to);
  json.integer("position", segment.position);
  json.text("state", word(segment.reading.state));
  if (segment.reading.state == steg::SegmentState::read)
    json.text("variant", std::string(1, letter(segment.reading.variant)));
  json.begin_array("likelihoods");
  for (const double weight : segment.reading.weight) json.element(weight);
  json.end_array();
  json.number("signature", segment.signature);
  json.integer("frames", segment.frames);
  json.end_object();
}

void write_viewer(Writer& json, const ScoredViewer& viewer) {
  json.begin_object();
  json.text("viewer", viewer.name);
  json.truth("named", viewer.named);
  json.number("p_value", std::max(std::pow(10.0, viewer.log10_p), std::numeric_limits<double>::min()));
  json.number("log10_p", viewer.log10_p);
  json.integer("leakers", viewer.leakers);
  json.integer("first_position", viewer.first);
  json.integer("last_position", viewer.last);
  std::string variants;
  for (const int variant : viewer.variants) variants += letter(variant);
  json.text("variants", variants);
  json.end_object();
}

void write_ab(Writer& json, const AbTrace& ab) {
  json.name("ab");
  json.begin_object();
  json.number("signature", ab.signature);
  json.number("log10_p", ab.log10_p);
  json.begin_array("segments");
  for (const steg::ShownSegment& segment : ab.segments) write_shown(json, segment);
  json.end_array();
  if (!ab.warning.empty()) json.text("warning", ab.warning);
  json.integer("viewers", static_cast<std::int64_t>(ab.viewers));
  if (ab.viewers > 0) {
    if (std::isfinite(ab.needed.of_one)) json.number("needed_of_one", ab.needed.of_one);
    if (std::isfinite(ab.needed.of_two)) json.number("needed_of_two", ab.needed.of_two);
    json.begin_array("scores");
    for (const ScoredViewer& viewer : ab.scored) write_viewer(json, viewer);
    json.end_array();
  }
  json.end_object();
}

void write_found(Writer& json, const Found& found) {
  json.name("found");
  json.begin_object();
  json.text("how", found.how);
  json.number("pilot", found.pilot);
  json.integer("position", found.position);
  json.end_object();
}

void write_file(Writer& json, const Report& report, const FileTrace& file) {
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
  if (!file.evidence.sha256.empty()) {
    json.text("sha256", file.evidence.sha256);
    json.integer("bytes", static_cast<std::int64_t>(file.evidence.bytes));
  }
  if (file.ab) write_ab(json, *file.ab);
  json.begin_array("segments");
  for (const Segment& segment : file.segments) write_segment(json, report, segment);
  json.end_array();
  json.end_object();
}

}  // namespace

std::string report_json(const Report& report) {
  Writer json;
  json.begin_object();
  json.text("version", report.version);
  json.text("sandbox", report.sandbox);
  json.text("command", report.command);
  json.text("made_at", report.made_at);
  json.text("key_fingerprint", report.key_fingerprint);
  json.truth("public_key", report.public_key);
  json.text("model_fingerprint", report.model_fingerprint);
  json.number("max_p_value", report.max_p_value);
  json.begin_array("files");
  for (const FileTrace& file : report.files) write_file(json, report, file);
  json.end_array();
  if (!report.database.empty()) {
    if (report.audit_intact) json.truth("audit_intact", *report.audit_intact);
    json.begin_array("audit");
    for (const auto& [id, rows] : report.audit)
      for (const audit::AuditRow& row : rows) json.element(launcher::audit_row_json(row));
    json.end_array();
  }
  json.end_object();
  return json.finish();
}

}  // namespace trace
