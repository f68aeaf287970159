// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tracks.hpp"

#include <gst/video/video.h>

#include <utility>

#include "elements.hpp"
#include "launcher/base/log.hpp"
#include "plain_text.hpp"
#include "silent_track.hpp"
#include "track_route.hpp"

namespace launcher {
namespace {

using gststeg::Ptr;

Ptr<GstElement> element_of(GstBin* bin, const char* key, const std::string& name) {
  Ptr<GstElement> element(gst_bin_get_by_name(bin, name.c_str()));
  if (!element) fail("tracks", key, "the description has no element named '" + name + "'");
  return element;
}

bool is_kind(GstCaps* caps, const char* prefix) {
  return !gst_caps_is_empty(caps) && !gst_caps_is_any(caps) &&
         g_str_has_prefix(gst_structure_get_name(gst_caps_get_structure(caps, 0)), prefix);
}

/// True if it is the container's word that the pad brings AC-3, and can be relied on: of what a transport stream calls
/// AC-3 only the data says whether it is E-AC-3.
bool is_surely_ac3(GstPad* pad) {
  Ptr<GstPad> source(GST_IS_GHOST_PAD(pad) ? gst_ghost_pad_get_target(GST_GHOST_PAD(pad)) : nullptr);
  while (source) {
    const Ptr<GstElement> element(gst_pad_get_parent_element(source.get()));
    if (!element) return false;
    GstPadTemplate* made_from = GST_PAD_PAD_TEMPLATE(source.get());
    if (made_from && GST_PAD_TEMPLATE_PRESENCE(made_from) == GST_PAD_SOMETIMES) {
      const Ptr<GstCaps> caps(gst_pad_get_current_caps(source.get()));
      return caps && is_kind(caps.get(), "audio/x-ac3") && factory_name(element.get()) != "tsdemux";
    }
    const Ptr<GstPad> input(gst_element_get_static_pad(element.get(), "sink"));
    source.reset(input ? gst_pad_get_peer(input.get()) : nullptr);
  }
  return false;
}

/// What a pad of a demuxer brings. A parser in it may not have seen data yet; then what it gets is known, not what it
/// makes of that.
Ptr<GstCaps> caps_of(GstPad* pad) {
  Ptr<GstCaps> caps(gst_pad_get_current_caps(pad));
  const Ptr<GstPad> inner(!caps && GST_IS_GHOST_PAD(pad) ? gst_ghost_pad_get_target(GST_GHOST_PAD(pad)) : nullptr);
  const Ptr<GstElement> parser(inner ? gst_pad_get_parent_element(inner.get()) : nullptr);
  const Ptr<GstPad> input(parser ? gst_element_get_static_pad(parser.get(), "sink") : nullptr);
  const Ptr<GstPad> output(input ? gst_pad_get_peer(input.get()) : nullptr);
  if (output) caps.reset(gst_pad_get_current_caps(output.get()));
  if (caps) return caps;
  caps.reset(gst_pad_query_caps(pad, nullptr));
  if (is_kind(caps.get(), "audio/x-ac3"))
    caps.reset(gst_caps_new_empty_simple(is_surely_ac3(pad) ? "audio/x-ac3" : "audio/x-eac3"));
  return caps;
}

/// What a track is called in a message: its language if it has one.
std::string language_of(GstPad* pad) {
  const Ptr<GstEvent> event(gst_pad_get_sticky_event(pad, GST_EVENT_TAG, 0));
  if (!event) return "";
  GstTagList* tags = nullptr;
  gst_event_parse_tag(event.get(), &tags);
  gchar* language = nullptr;
  gst_tag_list_get_string(tags, GST_TAG_LANGUAGE_CODE, &language);
  const Ptr<gchar> owned(language);
  return language ? std::string(", ") + language : "";
}

/// The kind, with the fields that tell one format of sound from another.
std::string describe(GstCaps* caps) {
  const GstStructure* format = gst_caps_get_structure(caps, 0);
  std::string text = gst_structure_get_name(format);
  for (const char* field : {"mpegversion", "layer", "stream-format", "format"}) {
    const GValue* value = gst_structure_get_value(format, field);
    const Ptr<gchar> value_text(value ? gst_value_serialize(value) : nullptr);
    if (value_text) text += std::string(" ") + field + "=" + value_text.get();
  }
  return text;
}

/// Puts an event of changed caps in place of the one that the probe was called for.
void replace_caps(GstPadProbeInfo* info, GstCaps* caps) {
  GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info);
  GstEvent* replacement = gst_event_new_caps(caps);
  gst_event_set_seqnum(replacement, gst_event_get_seqnum(event));
  gst_event_unref(event);
  GST_PAD_PROBE_INFO_DATA(info) = replacement;
}

/// A copy of the caps in the event; null if it is another event.
Ptr<GstCaps> caps_in(GstPadProbeInfo* info) {
  GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info);
  if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return nullptr;
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  return Ptr<GstCaps>(gst_caps_copy(caps));
}

/// Gives the bin the pad of the element of that name in it, or of its tail.
Ptr<GstPad> ghost_pad(GstElement* branch, const char* element, const char* pad) {
  Ptr<GstElement> inner(gst_bin_get_by_name(GST_BIN(branch), element));
  if (!inner) inner.reset(gst_bin_get_by_name(GST_BIN(branch), "tail"));
  const Ptr<GstPad> target(gst_element_get_static_pad(inner.get(), pad));
  GstPad* ghost = gst_ghost_pad_new(pad, target.get());
  gst_element_add_pad(branch, ghost);
  return Ptr<GstPad>(GST_PAD(gst_object_ref(ghost)));
}

}  // namespace

Tracks::Tracks(GstBin* bin, const TrackSettings& settings) : bin_(bin) {
  if (settings.from.empty()) return;
  demuxer_ = element_of(bin, "from", settings.from);
  picture_ = element_of(bin, "picture", settings.picture);
  crop_ = element_of(bin, "crop", settings.crop);
  muxer_ = element_of(bin, "to", settings.to);
  const auto add = [this](GstElement* element, const char* name, GstPadProbeCallback call) {
    Ptr<GstPad> pad(gst_element_get_static_pad(element, name));
    if (!pad) launcher::fail("tracks", "picture", "the elements named here need a sink and a source");
    const gulong id = gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, call, this, nullptr);
    probes_.push_back({std::move(pad), id});
  };
  add(picture_.get(), "sink", before_decoder);
  add(crop_.get(), "sink", before_crop);
  signal_ = g_signal_connect(demuxer_.get(), "pad-added", G_CALLBACK(on_pad_added), this);
}

Tracks::~Tracks() {
  if (signal_ != 0) g_signal_handler_disconnect(demuxer_.get(), signal_);
  for (const Probe& probe : probes_) gst_pad_remove_probe(probe.pad.get(), probe.id);
}

void Tracks::on_pad_added(GstElement*, GstPad* pad, gpointer self) {
  if (GST_PAD_IS_SRC(pad)) gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, before_data, self, nullptr);
}

GstPadProbeReturn Tracks::before_data(GstPad*, GstPadProbeInfo*, gpointer data) {
  auto* self = static_cast<Tracks*>(data);
  const std::lock_guard<std::mutex> lock(self->linking_);
  if (!std::exchange(self->linked_, true)) self->link_all();
  return GST_PAD_PROBE_REMOVE;
}

void Tracks::fail(const std::string& text) {
  gst_element_message_full(demuxer_.get(), GST_MESSAGE_ERROR, GST_STREAM_ERROR, GST_STREAM_ERROR_WRONG_TYPE,
                           g_strdup(text.c_str()), nullptr, __FILE__, GST_FUNCTION, __LINE__);
}

void Tracks::link_all() {
  std::vector<Ptr<GstPad>> pads;
  for (GList* item = demuxer_->srcpads; item; item = item->next) pads.emplace_back(GST_PAD(gst_object_ref(item->data)));
  const Ptr<GstPad>* picture = nullptr;
  for (const char* kind : {"video/", "image/"}) {
    for (const Ptr<GstPad>& pad : pads) {
      if (!picture && is_kind(caps_of(pad.get()).get(), kind)) picture = &pad;
    }
  }
  if (!picture) {
    fail("the input has no picture that could be marked: give a video");
    return;
  }
  for (const char* gif : {"image/gif", "image/gst-libav-gif"}) {
    if (!is_kind(caps_of(picture->get()).get(), gif)) continue;
    fail(
        "the input is a GIF, whose frames come without their times: convert it first, such as with ffmpeg -i in.gif "
        "in.mp4");
    return;
  }
  int number = 0;
  for (const Ptr<GstPad>& pad : pads) {
    ++number;
    const Ptr<GstCaps> caps = caps_of(pad.get());
    if (&pad == picture || gst_caps_is_empty(caps.get()) || gst_caps_is_any(caps.get())) continue;
    link_track(
        pad.get(), caps.get(),
        "track " + std::to_string(number) + " of the input (" + describe(caps.get()) + language_of(pad.get()) + ") ");
  }
  link_picture(picture->get());
}

void Tracks::link_picture(GstPad* pad) {
  const Ptr<GstPad> sink(gst_element_get_static_pad(picture_.get(), "sink"));
  if (gst_pad_link(pad, sink.get()) != GST_PAD_LINK_OK) fail("the picture cannot be linked to [tracks] picture");
}

void Tracks::link_track(GstPad* pad, GstCaps* caps, const std::string& name) {
  if (is_kind(caps, "video/") || is_kind(caps, "image/")) {
    log_line(name + "is left out: only one picture is marked");
    return;
  }
  const TrackRoute route = route_of(muxer_.get(), caps);
  if (!route.refusal.empty()) {
    fail(name + route.refusal);
    return;
  }
  if (!route.pad) {
    log_line(name + "is left out: " + factory_name(muxer_.get()) + " does not take it");
    return;
  }
  GError* raw_error = nullptr;
  Ptr<GstElement> branch(gst_parse_bin_from_description(route.elements.c_str(), FALSE, &raw_error));
  const Ptr<GError> error(raw_error);
  if (!branch || error) {
    log_line(name + "is left out: " + (error ? error->message : "it cannot be converted"));
    return;
  }
  gst_object_ref_sink(branch.get());
  if (route.markup) {
    const Ptr<GstElement> plain(gst_bin_get_by_name(GST_BIN(branch.get()), "plain"));
    const Ptr<GstPad> source(gst_element_get_static_pad(plain.get(), "src"));
    gst_pad_add_probe(source.get(), GST_PAD_PROBE_TYPE_BUFFER, on_markup, nullptr, nullptr);
  }
  const Ptr<GstPad> head = ghost_pad(branch.get(), "head", "sink");
  const Ptr<GstPad> tail = ghost_pad(branch.get(), "tail", "src");
  if (is_kind(caps, "audio/")) watch_silence(demuxer_.get(), head.get(), tail.get(), name);
  gst_bin_add(bin_, branch.get());
  const Ptr<GstPad> input(gst_element_request_pad(muxer_.get(), route.pad, nullptr, nullptr));
  gst_element_sync_state_with_parent(branch.get());
  if (!input || gst_pad_link(tail.get(), input.get()) != GST_PAD_LINK_OK ||
      gst_pad_link(pad, head.get()) != GST_PAD_LINK_OK) {
    fail(name + "cannot be linked to the muxer: convert it first, such as with ffmpeg -c:a aac");
    return;
  }
  if (!route.note.empty())
    log_line(name + route.note + ": " + factory_name(muxer_.get()) + " does not take it as it is");
}

GstPadProbeReturn Tracks::on_markup(GstPad*, GstPadProbeInfo* info, gpointer) {
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  std::string text(gst_buffer_get_size(buffer), '\0');
  gst_buffer_extract(buffer, 0, text.data(), text.size());
  const std::string plain = plain_text(text);
  GstBuffer* replacement = gst_buffer_new_allocate(nullptr, plain.size(), nullptr);
  gst_buffer_fill(replacement, 0, plain.data(), plain.size());
  gst_buffer_copy_into(replacement, buffer,
                       static_cast<GstBufferCopyFlags>(GST_BUFFER_COPY_FLAGS | GST_BUFFER_COPY_TIMESTAMPS), 0,
                       static_cast<gsize>(-1));
  gst_buffer_unref(buffer);
  GST_PAD_PROBE_INFO_DATA(info) = replacement;
  return GST_PAD_PROBE_OK;
}

// qtdemux (GStreamer 1.22) takes full range in an MP4 file for limited. The decoder reads what the stream itself says
// of its colours if the caps say nothing; only if it says nothing either, the container's word holds.
GstPadProbeReturn Tracks::before_decoder(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<Tracks*>(data);
  const Ptr<GstCaps> caps = caps_in(info);
  if (!caps) return GST_PAD_PROBE_OK;
  GstStructure* format = gst_caps_get_structure(caps.get(), 0);
  const gchar* colorimetry = gst_structure_get_string(format, "colorimetry");
  if (!colorimetry ||
      !(gst_structure_has_name(format, "video/x-h264") || gst_structure_has_name(format, "video/x-h265")))
    return GST_PAD_PROBE_OK;
  self->colorimetry_ = colorimetry;
  gst_structure_remove_field(format, "colorimetry");
  replace_caps(info, caps.get());
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn Tracks::before_crop(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<Tracks*>(data);
  const Ptr<GstCaps> caps = caps_in(info);
  if (!caps) return GST_PAD_PROBE_OK;
  GstStructure* format = gst_caps_get_structure(caps.get(), 0);
  gint width = 0;
  gint height = 0;
  gint numerator = 1;
  gint denominator = 1;
  gst_structure_get_int(format, "width", &width);
  gst_structure_get_int(format, "height", &height);
  // Encoders take even sizes only where chroma is sampled at half of them.
  g_object_set(self->crop_.get(), "right", width % 2, "bottom", height % 2, nullptr);
  if (!gst_structure_has_field(format, "colorimetry") && !self->colorimetry_.empty())
    gst_structure_set(format, "colorimetry", G_TYPE_STRING, self->colorimetry_.c_str(), nullptr);
  // avidemux says -1/1 of a raw AVI file whose rows go from the bottom up.
  if (gst_structure_get_fraction(format, "pixel-aspect-ratio", &numerator, &denominator) &&
      (numerator <= 0 || denominator <= 0))
    gst_structure_set(format, "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1, nullptr);
  replace_caps(info, caps.get());
  return GST_PAD_PROBE_OK;
}

}  // namespace launcher
