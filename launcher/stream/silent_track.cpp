// SPDX-License-Identifier: LGPL-2.1-or-later
#include "silent_track.hpp"

#include <atomic>
#include <memory>

#include "launcher/base/log.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace launcher {
namespace {

using gststeg::Ptr;

/// AAC-LC, 48 kHz, two channels (ISO/IEC 14496-3, 1.6.2.1).
constexpr const char* kSilence =
    "audio/mpeg, mpegversion=(int)4, framed=(boolean)true, stream-format=(string)raw, level=(string)2, "
    "base-profile=(string)lc, profile=(string)lc, rate=(int)48000, channels=(int)2, codec_data=(buffer)1190";

struct Track {
  GstElement* demuxer;  ///< in the same pipeline as the pads, which the probes belong to
  std::string name;
  std::atomic<bool> came{false};
};

using Shared = std::shared_ptr<Track>;

GstPadProbeReturn on_head(GstPad*, GstPadProbeInfo*, gpointer data) {
  (*static_cast<Shared*>(data))->came = true;
  return GST_PAD_PROBE_REMOVE;
}

/// Says nothing if the muxer knows the track's caps already, as containers tell them of most.
void send_silent_caps(GstPad* pad) {
  // Straight into the muxer: a pad that has seen its end sends nothing more.
  const Ptr<GstPad> muxer(gst_pad_get_peer(pad));
  if (const Ptr<GstCaps> known(gst_pad_get_current_caps(muxer.get())); known) return;
  gst_pad_send_event(muxer.get(), gst_event_new_caps(Ptr<GstCaps>(gst_caps_from_string(kSilence)).get()));
}

GstPadProbeReturn on_tail(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) == 0) return GST_PAD_PROBE_REMOVE;
  const Track& track = **static_cast<Shared*>(data);
  switch (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info))) {
    case GST_EVENT_SEGMENT:
      // Caps come before it. A parser that has seen no data until the end has none.
      if (!track.came) send_silent_caps(pad);
      return GST_PAD_PROBE_OK;
    case GST_EVENT_EOS: {
      if (!track.came) {
        log_line(track.name + "is empty, and so it is in the output");
        return GST_PAD_PROBE_OK;
      }
      const std::string text = track.name + "gives no sound: convert it first, such as with ffmpeg -c copy -c:a aac";
      gst_element_message_full(track.demuxer, GST_MESSAGE_ERROR, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE,
                               g_strdup(text.c_str()), nullptr, __FILE__, GST_FUNCTION, __LINE__);
      return GST_PAD_PROBE_DROP;
    }
    default:
      return GST_PAD_PROBE_OK;
  }
}

void add_probe(GstPad* pad, int kinds, GstPadProbeCallback call, const Shared& track) {
  auto owned = std::make_unique<Shared>(track);
  gst_pad_add_probe(pad, static_cast<GstPadProbeType>(kinds), call, owned.release(),
                    [](gpointer data) { std::unique_ptr<Shared>(static_cast<Shared*>(data)).reset(); });
}

}  // namespace

void watch_silence(GstElement* demuxer, GstPad* head, GstPad* tail, const std::string& name) {
  const auto track = std::make_shared<Track>();
  track->demuxer = demuxer;
  track->name = name;
  constexpr int kData = GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST;
  add_probe(head, kData, on_head, track);
  add_probe(tail, kData | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_tail, track);
}

}  // namespace launcher
