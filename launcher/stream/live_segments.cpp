// SPDX-License-Identifier: LGPL-2.1-or-later
#include "live_segments.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

#include "elements.hpp"
#include "launcher/base/config_error.hpp"
#include "plugins/common/for_each_element.hpp"
#include "running_time.hpp"

namespace launcher {
namespace {

using gststeg::Ptr;

constexpr std::size_t kDigits = 6;

std::vector<GstElement*> all_of_kind(GstBin* bin, const std::string& factory) {
  std::vector<GstElement*> found;
  gststeg::for_each_element(bin, [&](GstElement* element) {
    if (factory_name(element) == factory && std::find(found.begin(), found.end(), element) == found.end())
      found.push_back(element);
  });
  return found;
}

guint64 segment_duration(GstElement* element) {
  guint64 duration = 0;
  if (has_property(element, "segment-duration")) g_object_get(element, "segment-duration", &duration, nullptr);
  return duration;
}

std::string file_name(std::uint32_t position, const std::string& ending) {
  const std::string digits = std::to_string(position);
  return std::string(kDigits - std::min(kDigits, digits.size()), '0') + digits + ending;
}

}  // namespace

LiveSegments::LiveSegments(GstBin* bin) : clock_{} {
  const std::vector<GstElement*> marks = all_of_kind(bin, "stegencode");
  for (GstElement* mark : marks) {
    const guint64 duration = segment_duration(mark);
    if (duration < GST_SECOND || (clock_.duration != 0 && duration != clock_.duration)) {
      throw ConfigError(
          "[pipeline] live-segments: each stegencode needs the same segment-duration, of a second (1000000000) or "
          "more");
    }
    clock_.duration = duration;
  }
  const std::vector<GstElement*> sinks = all_of_kind(bin, "hlssink2");
  if (marks.empty() || sinks.empty())
    throw ConfigError("[pipeline] live-segments: the description has no stegencode or no hlssink2");
  const auto now = static_cast<guint64>(g_get_real_time()) * GST_USECOND;
  clock_.first_position = static_cast<std::uint32_t>(now / clock_.duration);
  for (GstElement* mark : marks) g_object_set(mark, "first-position", clock_.first_position, nullptr);
  for (GstElement* sink : sinks) take_over(sink);
}

LiveSegments::~LiveSegments() {
  for (const auto& sink : sinks_) {
    g_signal_handler_disconnect(sink->splitter.get(), sink->file_signal);
    g_signal_handler_disconnect(sink->hls.get(), sink->pad_signal);
  }
}

void LiveSegments::take_over(GstElement* hls) {
  auto sink = std::make_unique<Sink>();
  sink->owner = this;
  sink->hls.reset(GST_ELEMENT(gst_object_ref(hls)));
  GstElement* splitter = first_of_kind(GST_BIN(hls), "splitmuxsink");
  if (!splitter) throw ConfigError("[pipeline] live-segments: this hlssink2 has no splitmuxsink in it");
  sink->splitter.reset(GST_ELEMENT(gst_object_ref(splitter)));
  gchar* raw = nullptr;
  g_object_get(hls, "location", &raw, nullptr);
  const Ptr<gchar> location(raw);
  const std::filesystem::path path(location.get());
  sink->folder = path.has_parent_path() ? path.parent_path().string() + "/" : "";
  sink->ending = path.extension().string();
  // In place of its own counting of time.
  g_object_set(hls, "target-duration", 0, nullptr);
  sink->file_signal = g_signal_connect(splitter, "format-location-full", G_CALLBACK(on_next_file), sink.get());
  sink->pad_signal = g_signal_connect(hls, "pad-added", G_CALLBACK(on_pad), sink.get());
  for (GList* item = hls->sinkpads; item; item = item->next) on_pad(hls, GST_PAD(item->data), sink.get());
  sinks_.push_back(std::move(sink));
}

void LiveSegments::on_pad(GstElement*, GstPad* pad, gpointer sink) {
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_data, sink, nullptr);
}

/// Tells the splitter of each border before the data that begins there comes.
GstPadProbeReturn LiveSegments::on_data(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  auto* sink = static_cast<Sink*>(data);
  const std::int64_t time = running_time(pad, GST_PAD_PROBE_INFO_BUFFER(info));
  if (time < 0) return GST_PAD_PROBE_OK;
  const guint64 border = sink->owner->clock_.next(static_cast<std::uint64_t>(time));
  if (border <= sink->border) return GST_PAD_PROBE_OK;
  sink->border = border;
  g_signal_emit_by_name(sink->splitter.get(), "split-at-running-time", border);
  return GST_PAD_PROBE_OK;
}

/// Called before hlssink2's own handler, which takes its `location` as it is then for the name of the file.
gchar* LiveSegments::on_next_file(GstElement*, guint, GstSample* first, gpointer data) {
  const auto* sink = static_cast<const Sink*>(data);
  GstBuffer* buffer = gst_sample_get_buffer(first);
  const GstClockTime time =
      buffer ? gst_segment_to_running_time(gst_sample_get_segment(first), GST_FORMAT_TIME, GST_BUFFER_PTS(buffer))
             : GST_CLOCK_TIME_NONE;
  if (!GST_CLOCK_TIME_IS_VALID(time)) return nullptr;
  const std::string location = sink->folder + file_name(sink->owner->clock_.position(time), sink->ending);
  g_object_set(sink->hls.get(), "location", location.c_str(), nullptr);
  return nullptr;
}

}  // namespace launcher
