// SPDX-License-Identifier: LGPL-2.1-or-later
#include "track_route.hpp"

#include <memory>
#include <vector>

#include "plugins/common/gst_ptr.hpp"

namespace launcher {
namespace {

using gststeg::Ptr;

constexpr const char* kAac = "audio/mpeg, mpegversion=(int)4, stream-format=(string)raw";
constexpr const char* kPlainText = "text/x-raw, format=(string)utf8";
constexpr const char* kMarkup = "text/x-raw, format=(string)pango-markup";
constexpr const char* kQueue = "queue name=tail max-size-time=0 max-size-bytes=67108864 max-size-buffers=0";

/// The muxer's pad that takes such caps; null if there is none.
GstPadTemplate* pad_for(GstElement* muxer, GstCaps* caps) {
  for (GList* item = gst_element_class_get_pad_template_list(GST_ELEMENT_GET_CLASS(muxer)); item; item = item->next) {
    auto* pad = GST_PAD_TEMPLATE(item->data);
    if (GST_PAD_TEMPLATE_DIRECTION(pad) != GST_PAD_SINK || GST_PAD_TEMPLATE_PRESENCE(pad) != GST_PAD_REQUEST) continue;
    const Ptr<GstCaps> taken(gst_pad_template_get_caps(pad));
    if (gst_caps_can_intersect(taken.get(), caps)) return pad;
  }
  return nullptr;
}

GstPadTemplate* pad_for(GstElement* muxer, const char* caps) {
  return pad_for(muxer, Ptr<GstCaps>(gst_caps_from_string(caps)).get());
}

bool is(GstCaps* caps, const char* other) {
  return gst_caps_can_intersect(caps, Ptr<GstCaps>(gst_caps_from_string(other)).get()) != FALSE;
}

bool has_decoder(GstCaps* caps) {
  GList* all = gst_element_factory_list_get_elements(
      GST_ELEMENT_FACTORY_TYPE_DECODER | GST_ELEMENT_FACTORY_TYPE_MEDIA_AUDIO, GST_RANK_MARGINAL);
  GList* fitting = gst_element_factory_list_filter(all, caps, GST_PAD_SINK, FALSE);
  const bool found = fitting != nullptr;
  gst_plugin_feature_list_free(fitting);
  gst_plugin_feature_list_free(all);
  return found;
}

TrackRoute sound_route(GstElement* muxer, GstCaps* caps) {
  const std::string queue = kQueue;
  // Of the packets that share a PES packet in a transport stream only the first has a time.
  if (GstPadTemplate* pad = pad_for(muxer, caps))
    return {is(caps, "audio/x-opus") ? "opusparse name=head ! " + queue : queue, pad, ""};
  GstPadTemplate* aac = pad_for(muxer, kAac);
  // aacparse knows no configuration but that of the packet itself, so most of the sound would be lost.
  if (is(caps, "audio/mpeg, mpegversion=(int){2, 4}, stream-format=(string)loas"))
    return {"", nullptr, "", false,
            "is LATM, which GStreamer reads in part only: convert it first, such as with ffmpeg -i in.ts -c copy -c:a "
            "aac out.ts"};
  // Only the framing of AAC differs between containers.
  if (aac && is(caps, "audio/mpeg, mpegversion=(int){2, 4}, stream-format=(string){adts, adif}"))
    return {"aacparse name=head ! capsfilter caps=\"" + std::string(kAac) + "\" ! " + queue, aac, ""};
  if (aac && (is(caps, "audio/x-raw") || has_decoder(caps))) {
    return {
        "decodebin name=head ! audioconvert ! audioresample ! avenc_aac bitrate=192000 ! aacparse ! capsfilter "
        "caps=\"" +
            std::string(kAac) + "\" ! " + queue,
        aac, "is converted to AAC"};
  }
  return {"", nullptr, "is left out"};
}

TrackRoute text_route(GstElement* muxer, GstCaps* caps) {
  const std::string queue = kQueue;
  const bool scripted = is(caps, "application/x-ssa; application/x-ass");
  if (!scripted && !is(caps, kMarkup)) {
    GstPadTemplate* pad = pad_for(muxer, caps);
    return pad ? TrackRoute{queue, pad, ""} : TrackRoute{"", nullptr, "is left out"};
  }
  GstPadTemplate* pad = pad_for(muxer, caps);
  if (pad) return {queue, pad, ""};
  pad = pad_for(muxer, kPlainText);
  if (!pad) return {"", nullptr, "is left out"};
  return {std::string(scripted ? "ssaparse name=head ! " : "identity name=head ! ") +
              "capssetter name=plain join=false replace=true caps=\"" + kPlainText + "\" ! " + queue,
          pad, "loses its typefaces and places", true};
}

}  // namespace

TrackRoute route_of(GstElement* muxer, GstCaps* caps) {
  const gchar* kind = gst_structure_get_name(gst_caps_get_structure(caps, 0));
  return g_str_has_prefix(kind, "audio/") ? sound_route(muxer, caps) : text_route(muxer, caps);
}

}  // namespace launcher
