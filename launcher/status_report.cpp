// SPDX-License-Identifier: LGPL-2.1-or-later
#include "status_report.hpp"

#include "elements.hpp"
#include "gst_ptr.hpp"
#include "json.hpp"

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

void add_places(JsonText& json, GstBin* bin, const char* name, GstElementFlags flag) {
  json.begin_list(name);
  if (bin) {
    for_each_element(bin, [&](GstElement* element) {
      if (GST_IS_BIN(element) || !GST_OBJECT_FLAG_IS_SET(element, flag)) return;
      for (const char* property : {"location", "uri"}) {
        if (!has_property(element, property)) continue;
        const Ptr<gchar> name_of_element(gst_element_get_name(element));
        json.item(without_credentials(get_property(bin, {name_of_element.get(), property})));
        return;
      }
    });
  }
  json.end_list();
}

void add_id(JsonText& json, const Supervisor& supervisor) {
  const Status& status = supervisor.status();
  const auto& target = supervisor.config().control.id;
  // What the element says, where there is one: it may have been set by other means.
  const bool known = target && supervisor.bin();
  json.begin("id").text("requested", known ? get_property(supervisor.bin(), *target) : status.requested_id);
  if (status.applied_id) {
    json.text("applied", status.applied_id->id)
        .text("applied_at", status.applied_id->at)
        .integer("running_time", static_cast<gint64>(status.applied_id->running_time))
        .integer("pts", static_cast<gint64>(status.applied_id->pts));
  } else {
    json.null("applied");
  }
  json.end();
}

/// The stats of the first element of that kind, under a name of their own.
void add_stats_of_kind(JsonText& json, GstBin* bin, const char* name, const std::string& factory) {
  bool found = false;
  if (bin) {
    for_each_element(bin, [&](GstElement* element) {
      if (found || factory_name(element) != factory) return;
      const auto stats = stats_of(element);
      if (!stats) return;
      json.begin(name).fields(stats.get()).end();
      found = true;
    });
  }
  if (!found) json.null(name);
}

void add_elements(JsonText& json, GstBin* bin) {
  json.begin("elements");
  if (bin) {
    for_each_element(bin, [&](GstElement* element) {
      const auto stats = stats_of(element);
      if (!stats) return;
      const Ptr<gchar> name(gst_element_get_name(element));
      json.begin(name.get()).fields(stats.get()).end();
    });
  }
  json.end();
}

}  // namespace

std::string status_report(const Supervisor& supervisor) {
  const Status& status = supervisor.status();
  GstBin* bin = supervisor.bin();
  JsonText json;
  json.boolean("ok", true)
      .text("state", to_string(status.state))
      .text("version", GST_STEG_VERSION)
      .number("running_for", status.running_for)
      .integer("reconnects", status.reconnects);
  add_places(json, bin, "source", GST_ELEMENT_FLAG_SOURCE);
  add_places(json, bin, "output", GST_ELEMENT_FLAG_SINK);
  add_id(json, supervisor);
  add_stats_of_kind(json, bin, "frames", "framediff");
  add_stats_of_kind(json, bin, "audit", "auditlog");
  add_elements(json, bin);
  if (status.last_error.empty()) {
    json.null("last_error");
  } else {
    json.begin("last_error").text("message", status.last_error).text("at", status.last_error_at).end();
  }
  return json.finish();
}

}  // namespace launcher
