// SPDX-License-Identifier: LGPL-2.1-or-later
#include "steg_harness.hpp"

#include <glib/gstdio.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>

#include "fake_model.hpp"
#include "plugins/common/gststegmeta.h"
#include "plugins/common/video_frame.hpp"
#include "plugins/steg/model/extractor.hpp"
#include "plugins/steg/watermark/plane_grid.hpp"
#include "plugins/steg/watermark/segment_mark.hpp"

namespace testing {

TemporaryFile::TemporaryFile(const std::string& content) {
  gchar* name = nullptr;
  const int file = g_file_open_tmp("gst-steg-test-XXXXXX", &name, nullptr);
  REQUIRE(file >= 0);
  close(file);
  const Ptr<gchar> owned(name);
  path_ = owned.get();
  REQUIRE(g_file_set_contents(path_.c_str(), content.data(), static_cast<gssize>(content.size()), nullptr));
}

TemporaryFile::~TemporaryFile() { g_unlink(path_.c_str()); }

std::string caps_of(const std::string& format, int width, int height, const std::string& framerate) {
  return "video/x-raw,format=" + format + ",width=" + std::to_string(width) + ",height=" + std::to_string(height) +
         ",framerate=" + framerate;
}

void fill_component(GstBuffer* buffer, const GstVideoInfo& info, guint component,
                    const std::function<int(int x, int y)>& level) {
  gststeg::VideoFrame frame(info, buffer, GST_MAP_WRITE);
  REQUIRE(frame);
  auto* row = static_cast<guint8*>(GST_VIDEO_FRAME_COMP_DATA(&frame.mapped(), component));
  const bool deep = GST_VIDEO_INFO_COMP_DEPTH(&info, component) > 8;
  // GStreamer 1.22 has Cr of P010 one byte behind Cb.
  if (deep && GST_VIDEO_INFO_COMP_POFFSET(&info, component) == 1) ++row;
  const guint shift = GST_VIDEO_FORMAT_INFO_SHIFT(info.finfo, component);
  for (gint y = 0; y < GST_VIDEO_INFO_COMP_HEIGHT(&info, component); ++y) {
    for (gint x = 0; x < GST_VIDEO_INFO_COMP_WIDTH(&info, component); ++x) {
      guint8* sample = row + x * GST_VIDEO_INFO_COMP_PSTRIDE(&info, component);
      const int value = level(x, y);
      if (deep) {
        const auto quarters = static_cast<guint16>((4 * value + 1) << shift);
        std::memcpy(sample, &quarters, sizeof quarters);
      } else {
        *sample = static_cast<guint8>(value);
      }
    }
    row += GST_VIDEO_FRAME_COMP_STRIDE(&frame.mapped(), component);
  }
}

Ptr<GstBuffer> make_frame(int index, const std::string& format, int width, int height) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, gst_video_format_from_string(format.c_str()), static_cast<guint>(width),
                            static_cast<guint>(height));
  Ptr<GstBuffer> buffer(gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&info), nullptr));
  // Chroma that tells where it was, so that a change of it shows.
  GstMapInfo map;
  REQUIRE(gst_buffer_map(buffer.get(), &map, GST_MAP_WRITE));
  for (gsize i = 0; i < map.size; ++i) map.data[i] = static_cast<guint8>(100 + i % 50);
  gst_buffer_unmap(buffer.get(), &map);
  const bool deep = GST_VIDEO_INFO_COMP_DEPTH(&info, 0) > 8;
  for (guint component = 1; deep && component < GST_VIDEO_INFO_N_COMPONENTS(&info); ++component)
    fill_component(buffer.get(), info, component, [](int x, int y) { return 100 + (x + y) % 50; });
  fill_component(buffer.get(), info, 0, [index](int x, int y) { return 100 + (x / 16 + y / 16 + index) % 40; });
  GST_BUFFER_PTS(buffer.get()) = static_cast<GstClockTime>(index) * kFrame;
  GST_BUFFER_DURATION(buffer.get()) = kFrame;
  return buffer;
}

void set_difference(GstBuffer* buffer, bool duplicate, guint64 sequence, guint64 reference) {
  GstStructure* fields = gst_steg_meta_ensure(buffer, GST_FRAME_DIFFERENCE_META_NAME);
  gst_structure_set(fields, "score", G_TYPE_DOUBLE, 0.0, "duplicate", G_TYPE_BOOLEAN, duplicate, "run-length",
                    G_TYPE_UINT, static_cast<guint>(sequence - reference), "sequence", G_TYPE_UINT64, sequence,
                    "reference", G_TYPE_UINT64, reference, nullptr);
}

std::optional<MarkMeta> mark_of(GstBuffer* buffer) {
  const GstStructure* fields = gst_steg_meta_get(buffer, GST_STEG_MARK_META_NAME);
  if (!fields) return std::nullopt;
  guint epoch = 99;
  REQUIRE(gst_structure_get_uint(fields, "epoch", &epoch));
  const auto text = [fields](const char* name) { return std::string(gst_structure_get_string(fields, name)); };
  return MarkMeta{text("id"), epoch, text("key-fingerprint"), text("model-fingerprint"), text("action")};
}

std::vector<std::uint8_t> bytes_of(GstBuffer* buffer) {
  std::vector<std::uint8_t> bytes(gst_buffer_get_size(buffer));
  gst_buffer_extract(buffer, 0, bytes.data(), bytes.size());
  return bytes;
}

std::vector<std::uint8_t> luma_of(GstBuffer* buffer, int width, int height) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, GST_VIDEO_FORMAT_I420, static_cast<guint>(width), static_cast<guint>(height));
  const gststeg::VideoFrame frame(info, buffer, GST_MAP_READ);
  REQUIRE(frame);
  std::vector<std::uint8_t> luma;
  for (int y = 0; y < height; ++y)
    luma.insert(luma.end(), frame.luma() + y * frame.stride(), frame.luma() + y * frame.stride() + width);
  return luma;
}

std::string read_id(GstBuffer* buffer, const steg::Key& key, int width, int height) {
  const std::vector<std::uint8_t> luma = luma_of(buffer, width, height);
  steg::PlaneGrid grid({width, height}, steg::grid_size(width, height));
  const steg::GridSize size = grid.cells();
  std::vector<float> cells(static_cast<std::size_t>(size.cells()));
  grid.average_down(luma.data(), width, cells.data());
  static const TemporaryFile model(fake::kExtractor);
  std::vector<float> field(cells.size());
  steg::load_extractor(model.path(), 1)->field(cells.data(), size, field.data());
  const steg::Reader reader(key, size);
  steg::FieldSum sum(size);
  sum.add(field.data(), reader.likeliest_phase(field.data()));
  steg::ReadOptions options;
  options.segments = true;
  const auto reading = reader.read(sum, options);
  return reading ? steg::name_of_payload(reading->id) : std::string();
}

steg::Key test_key() { return steg::Key::from_hex(kKeyHex); }

void Record::add(const std::string& what) {
  const std::lock_guard<std::mutex> lock(lock_);
  all_.push_back(what);
}

std::vector<std::string> Record::all() const {
  const std::lock_guard<std::mutex> lock(lock_);
  return all_;
}

int Record::count(const std::string& what) const {
  const std::vector<std::string> now = all();
  return static_cast<int>(std::count(now.begin(), now.end(), what));
}

namespace {

GstPadProbeReturn record_output(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto* record = static_cast<Record*>(data);
  if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) {
    record->add("buffer");
  } else {
    GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info);
    record->add(gst_video_event_is_force_key_unit(event) ? "force-key-unit" : GST_EVENT_TYPE_NAME(event));
  }
  return GST_PAD_PROBE_OK;
}

}  // namespace

Element::Element(const std::string& factory, const std::string& properties, const std::string& caps)
    : key_file_(std::string(kKeyHex) + "\n"),
      model_(factory == "stegencode" ? fake::kEncoder : fake::kExtractor),
      bus_(gst_bus_new()) {
  std::string launch = factory;
  if (properties.find("key-file=") == std::string::npos) launch += " key-file=" + key_file_.path();
  if (properties.find("model=") == std::string::npos) launch += " model=" + model_.path();
  harness_.reset(gst_harness_new_parse((launch + " " + properties).c_str()));
  element_.reset(gst_harness_find_element(harness_.get(), factory.c_str()));
  gst_element_set_bus(element_.get(), bus_.get());
  gst_pad_add_probe(harness_->sinkpad,
                    static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
                    record_output, &record_, nullptr);
  if (!caps.empty()) set_caps(caps);
}

void Element::set_caps(const std::string& caps) { gst_harness_set_src_caps_str(harness_.get(), caps.c_str()); }

Ptr<GstBuffer> Element::pass(Ptr<GstBuffer> buffer) {
  REQUIRE(push(std::move(buffer)) == GST_FLOW_OK);
  Ptr<GstBuffer> output(gst_harness_try_pull(harness_.get()));
  REQUIRE(output);
  return output;
}

Ptr<GstMessage> Element::message(GstMessageType type, const std::string& name) {
  while (Ptr<GstMessage> message{gst_bus_pop_filtered(bus_.get(), type)}) {
    if (name.empty() || gst_message_has_name(message.get(), name.c_str())) return message;
  }
  return nullptr;
}

Ptr<GstMessage> Element::wait_for_message(const std::string& name) {
  Ptr<GstMessage> message;
  do {
    message.reset(gst_bus_timed_pop_filtered(bus_.get(), 60 * GST_SECOND, GST_MESSAGE_ELEMENT));
    REQUIRE(message);
  } while (!gst_message_has_name(message.get(), name.c_str()));
  return message;
}

std::string Element::only_error(GQuark domain, gint code) {
  const Ptr<GstMessage> first = message(GST_MESSAGE_ERROR);
  REQUIRE(first);
  GError* raw_error = nullptr;
  gst_message_parse_error(first.get(), &raw_error, nullptr);
  const Ptr<GError> error(raw_error);
  CHECK(g_error_matches(error.get(), domain, code));
  CHECK_FALSE(message(GST_MESSAGE_ERROR));
  return error->message;
}

Ptr<GstStructure> Element::stats() const {
  GstStructure* stats = nullptr;
  g_object_get(element_.get(), "stats", &stats, nullptr);
  return Ptr<GstStructure>(stats);
}

guint64 Element::stat(const char* field) const {
  guint64 value = 0;
  REQUIRE(gst_structure_get_uint64(stats().get(), field, &value));
  return value;
}

}  // namespace testing
