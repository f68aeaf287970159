// SPDX-License-Identifier: LGPL-2.1-or-later
#include "status_report.hpp"

#include <map>

#include "launcher/base/log.hpp"
#include "launcher/config/property_name.hpp"
#include "launcher/stream/applied_id_json.hpp"
#include "launcher/stream/elements.hpp"
#include "metrics_text.hpp"
#include "plugins/common/for_each_element.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace launcher {
namespace {

using gststeg::Ptr;

/// The element's `stats` property; null if it has none.
Ptr<GstStructure> stats_of(GstElement* element) {
  GParamSpec* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(element), "stats");
  if (!spec || spec->value_type != GST_TYPE_STRUCTURE) return nullptr;
  GstStructure* stats = nullptr;
  g_object_get(element, "stats", &stats, nullptr);
  return Ptr<GstStructure>(stats);
}

void add_list(JsonText& json, const char* name, const std::vector<std::string>& items) {
  json.begin_list(name);
  for (const std::string& item : items) json.item(item);
  json.end_list();
}

void add_id(JsonText& json, const Supervisor& supervisor, const std::string& recipient) {
  const IdState& id = supervisor.status().ids.at(recipient);
  const auto& target = supervisor.config().control.id;
  // From the element, if it exists: the ID may have been set by other means.
  const bool known = target && supervisor.bin();
  json.begin("id").text("requested",
                        known ? get_property(supervisor.bin(), for_recipient(*target, recipient)) : id.requested);
  if (id.applied) {
    add_applied(json, *id.applied, "applied");
  } else {
    json.null("applied");
  }
  json.end();
}

/// The stats of the first element of that kind; null if there is none, or if it has none.
Ptr<GstStructure> stats_of_kind(GstBin* bin, const std::string& factory) {
  GstElement* element = bin ? first_of_kind(bin, factory) : nullptr;
  return element ? stats_of(element) : nullptr;
}

void add_stats(JsonText& json, const char* name, const GstStructure* stats) {
  if (stats) {
    json.begin(name).fields(stats).end();
  } else {
    json.null(name);
  }
}

void add_optional(JsonText& json, const char* name, std::optional<double> value) {
  if (value) {
    json.number(name, *value);
  } else {
    json.null(name);
  }
}

/// A number in the stats, whatever its type; nothing if there is no such field.
std::optional<double> number_in(const GstStructure* stats, const char* field) {
  const GValue* value = stats ? gst_structure_get_value(stats, field) : nullptr;
  if (!value) return std::nullopt;
  if (GST_VALUE_HOLDS_FRACTION(value)) {
    const gint denominator = gst_value_get_fraction_denominator(value);
    if (denominator == 0) return std::nullopt;
    return static_cast<double>(gst_value_get_fraction_numerator(value)) / denominator;
  }
  if (G_VALUE_HOLDS_STRING(value) || !g_value_type_transformable(G_VALUE_TYPE(value), G_TYPE_DOUBLE)) {
    return std::nullopt;
  }
  GValue number = G_VALUE_INIT;
  g_value_init(&number, G_TYPE_DOUBLE);
  g_value_transform(value, &number);
  return g_value_get_double(&number);
}

/// The recipient whose branch of a fan-out has the element of that name; empty if it belongs to all.
std::string recipient_of(const std::string& element, const std::vector<std::string>& recipients) {
  std::string found;
  for (const std::string& recipient : recipients) {
    // The longest: mark-tv-east is of tv-east, not of east.
    const std::string suffix = "-" + recipient;
    if (recipient.size() > found.size() && g_str_has_suffix(element.c_str(), suffix.c_str())) found = recipient;
  }
  return found;
}

/// The stats of the first element of that kind in each recipient's branch, by recipient.
std::map<std::string, Ptr<GstStructure>> stats_by_recipient(const Supervisor& stream, const std::string& factory) {
  std::map<std::string, Ptr<GstStructure>> found;
  if (!stream.bin()) return found;
  gststeg::for_each_element(stream.bin(), [&](GstElement* element) {
    if (factory_name(element) != factory) return;
    const Ptr<gchar> name(gst_element_get_name(element));
    found.try_emplace(recipient_of(name.get(), stream.config().recipients), stats_of(element));
  });
  return found;
}

void add_elements(JsonText& json, GstBin* bin) {
  json.begin("elements");
  if (bin) {
    gststeg::for_each_element(bin, [&](GstElement* element) {
      const auto stats = stats_of(element);
      if (!stats) return;
      const Ptr<gchar> name(gst_element_get_name(element));
      json.begin(name.get()).fields(stats.get()).end();
    });
  }
  json.end();
}

/// Who watches a stream, over all recipients' copies.
struct Viewers {
  std::size_t flv = 0;
  std::size_t websocket = 0;
  std::size_t rtsp = 0;
};

Viewers viewers_of(const Supervisor& stream, const RtspServer* rtsp) {
  Viewers viewers;
  for (const auto& [recipient, hub] : stream.flv()) {
    viewers.flv += hub->viewers(FlvHub::Kind::http);
    viewers.websocket += hub->viewers(FlvHub::Kind::web_socket);
    if (rtsp) viewers.rtsp += rtsp->viewers(stream.name(), recipient);
  }
  return viewers;
}

void add_text_or_null(JsonText& json, const char* name, const std::string& text) {
  if (text.empty()) {
    json.null(name);
  } else {
    json.text(name, text);
  }
}

}  // namespace

/// Addresses at which a recipient's copy is played.
void StatusReporter::add_places(JsonText& json, const Supervisor& stream, const std::string& recipient) const {
  const bool plays = !stream.flv().empty();
  const std::string flv = "/live.flv?stream=" + stream.name() + (recipient.empty() ? "" : "&recipient=" + recipient);
  add_text_or_null(json, "flv", plays ? flv : "");
  add_text_or_null(json, "hls", stream.config().playback.hls.at(recipient));
  add_text_or_null(json, "rtsp", rtsp_ && plays ? rtsp_->url(stream.name(), recipient) : "");
}

void StatusReporter::add_playback(JsonText& json, const Supervisor& stream) const {
  const Viewers viewers = viewers_of(stream, rtsp_);
  std::size_t dropped = 0;
  for (const auto& entry : stream.flv()) dropped += entry.second->dropped();
  json.begin("playback");
  add_places(json, stream, stream.config().copies().front());
  json.begin("viewers")
      .integer("flv", static_cast<gint64>(viewers.flv))
      .integer("websocket", static_cast<gint64>(viewers.websocket))
      .integer("rtsp", static_cast<gint64>(viewers.rtsp))
      .end()
      .integer("dropped", static_cast<gint64>(dropped))
      .end();
}

std::string StatusReporter::status(const Supervisor& stream) const {
  const Status& status = stream.status();
  GstBin* bin = stream.bin();
  const auto frames = stats_of_kind(bin, "framediff");
  JsonText json;
  json.boolean("ok", true)
      .text("stream", stream.name())
      .text("state", to_string(status.state))
      .text("version", GST_STEG_VERSION)
      .number("running_for", status.running_for)
      .integer("reconnects", status.reconnects);
  add_list(json, "source", stream.places().sources);
  add_list(json, "output", stream.places().sinks);
  add_id(json, stream, stream.config().copies().front());
  json.begin_list("recipients");
  for (const std::string& recipient : stream.config().recipients) {
    json.begin_item().text("name", recipient);
    add_id(json, stream, recipient);
    const auto& target = stream.config().control.id;
    const Ptr<GstElement> mark(
        target && bin ? gst_bin_get_by_name(bin, for_recipient(target->element, recipient).c_str()) : nullptr);
    add_stats(json, "mark", mark ? stats_of(mark.get()).get() : nullptr);
    json.begin("playback");
    add_places(json, stream, recipient);
    json.end().end();
  }
  json.end_list();
  json.begin("fps");
  add_optional(json, "in", number_in(frames.get(), "input-framerate"));
  add_optional(json, "out", stream.output_rate());
  add_optional(json, "unique", number_in(frames.get(), "unique-framerate"));
  json.end();
  if (const auto duplicates = number_in(frames.get(), "duplicates")) {
    json.integer("duplicates", static_cast<gint64>(*duplicates));
  } else {
    json.null("duplicates");
  }
  add_stats(json, "frames", frames.get());
  add_stats(json, "mark", stats_of_kind(bin, "stegencode").get());
  add_stats(json, "audit", stats_of_kind(bin, "auditlog").get());
  add_elements(json, bin);
  add_playback(json, stream);
  json.begin("controls").boolean("id", stream.config().control.id.has_value()).begin_list("properties");
  for (const PropertyName& name : stream.config().control.properties) json.item(name.element + "." + name.property);
  json.end_list().end();
  json.begin("process")
      .number("cpu_percent", usage_.cpu_percent())
      .integer("rss_bytes", static_cast<gint64>(usage_.resident_bytes()))
      .integer("heap_bytes", static_cast<gint64>(usage_.heap_bytes()))
      .integer("open_files", static_cast<gint64>(usage_.open_files()))
      .number("uptime", usage_.uptime())
      .end();
  if (status.last_error.empty()) {
    json.null("last_error");
  } else {
    json.begin("last_error").text("message", status.last_error).text("at", status.last_error_at).end();
  }
  return json.finish();
}

std::string StatusReporter::streams(bool tokens) const {
  JsonText json;
  json.boolean("ok", true).boolean("tokens", tokens).begin_list("streams");
  for (const auto& stream : streams_.all()) {
    json.begin_item().text("name", stream->name()).text("state", to_string(stream->status().state)).end();
  }
  return json.end_list().finish();
}

std::string StatusReporter::not_ready() const {
  std::string names;
  for (const auto& stream : streams_.all()) {
    const State state = stream->status().state;
    if (state != State::running && state != State::stopped) {
      names += (names.empty() ? "" : ", ") + stream->name() + " is " + to_string(state);
    }
  }
  return names;
}

std::string StatusReporter::metrics() const {
  MetricsText text;
  text.family("process_cpu_seconds_total", "counter", "CPU time of the process.").value("", usage_.cpu_seconds());
  text.family("process_resident_memory_bytes", "gauge", "Resident memory of the process.")
      .value("", static_cast<double>(usage_.resident_bytes()));
  text.family("process_open_fds", "gauge", "Open file descriptors.")
      .value("", static_cast<double>(usage_.open_files()));
  text.family("steg_heap_bytes", "gauge", "Memory that malloc has given out and not got back.")
      .value("", static_cast<double>(usage_.heap_bytes()));
  const auto per_stream = [&](const char* name, const char* type, const char* help,
                              const std::function<std::optional<double>(const Supervisor&)>& value) {
    text.family(name, type, help);
    for (const auto& stream : streams_.all()) {
      if (const auto number = value(*stream)) text.value("stream=" + json_quoted(stream->name()), *number);
    }
  };
  per_stream("steg_started", "gauge", "0 once the stream was stopped or has ended without an error.",
             [](const Supervisor& stream) {
               return stream.status().state == State::stopped && stream.exit_code() == 0 ? 0.0 : 1.0;
             });
  per_stream("steg_running", "gauge", "1 while data reaches the output.",
             [](const Supervisor& stream) { return stream.status().state == State::running ? 1.0 : 0.0; });
  per_stream("steg_reconnects_total", "counter", "How often the pipeline was built again.",
             [](const Supervisor& stream) { return static_cast<double>(stream.status().reconnects); });
  per_stream("steg_output_fps", "gauge", "Frames a second that leave the encoder.",
             [](const Supervisor& stream) { return stream.output_rate(); });
  const auto from_stats = [&](const char* name, const char* type, const char* help, const char* factory,
                              const char* field, const char* if_any = nullptr) {
    text.family(name, type, help);
    for (const auto& stream : streams_.all()) {
      for (const auto& [recipient, stats] : stats_by_recipient(*stream, factory)) {
        const auto number = number_in(stats.get(), field);
        if (!number || (if_any && number_in(stats.get(), if_any).value_or(0) == 0)) continue;
        text.value(
            "stream=" + json_quoted(stream->name()) + (recipient.empty() ? "" : ",recipient=" + json_quoted(recipient)),
            *number);
      }
    }
  };
  per_stream("steg_viewers", "gauge", "Viewers by HTTP, WebSocket and RTSP.", [this](const Supervisor& stream) {
    if (stream.flv().empty()) return std::optional<double>();
    const Viewers viewers = viewers_of(stream, rtsp_);
    return std::optional<double>(static_cast<double>(viewers.flv + viewers.websocket + viewers.rtsp));
  });
  from_stats("steg_input_fps", "gauge", "Frames a second that arrive.", "framediff", "input-framerate");
  from_stats("steg_unique_fps", "gauge", "Frames a second that differ from the one before.", "framediff",
             "unique-framerate");
  from_stats("steg_frames", "gauge", "Frames since the pipeline was built.", "framediff", "frames");
  from_stats("steg_duplicates", "gauge", "Frames that repeated the one before, since the pipeline was built.",
             "framediff", "duplicates");
  from_stats("steg_mark_margin", "gauge", "How clearly the mark read in the last frame that was read back; 0: proven.",
             "stegencode", "verify-margin", "verified");
  from_stats("steg_mark_verified", "gauge", "Frames that were read back, since the pipeline was built.", "stegencode",
             "verified");
  from_stats("steg_mark_verify_failed", "gauge", "Of these, frames that did not prove their ID alone.", "stegencode",
             "verify-failed");
  from_stats("steg_audit_pending", "gauge", "Events that are not in the audit database yet.", "auditlog", "pending");
  from_stats("steg_audit_spooled", "gauge", "Of these, events that are safe on disk.", "auditlog", "spooled");
  from_stats("steg_audit_written", "gauge", "Events written since the pipeline was built.", "auditlog", "written");
  from_stats("steg_audit_failed", "gauge", "Attempts to write that failed, since the pipeline was built.", "auditlog",
             "failed");
  from_stats("steg_audit_last_seq", "gauge", "Number, in the stream's chain, of the last row in the audit database.",
             "auditlog", "last-seq");
  from_stats("steg_audit_verified_seq", "gauge", "Number of the last row that was read back as it was written.",
             "auditlog", "verified-seq");
  from_stats("steg_audit_tampered", "gauge", "Rows of this run that were not read back as they were written.",
             "auditlog", "tampered");
  from_stats("steg_audit_unmarked", "gauge", "Frames without a mark, since the pipeline was built.", "auditlog",
             "unmarked");
  return text.text();
}

}  // namespace launcher
