// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mark_notices.hpp"

#include <gst/video/video.h>

#include <optional>

#include "plugins/common/gststegmeta.h"
#include "plugins/steg/watermark/segment_mark.hpp"

namespace steg {
namespace {

/// Has a video encoder downstream make the next frame a key frame.
void force_key_unit(GstBaseTransform* transform, EncodeRun& run, GstClockTime pts) {
  const GstClockTime stream_time = gst_segment_to_stream_time(&transform->segment, GST_FORMAT_TIME, pts);
  // No running time, which means as soon as possible; the event is serialized, so that this is the buffer after it.
  // With a running time GstVideoEncoder 1.22 drops requests: x264enc shifts time stamps by 1000 hours, the time of a
  // request before its first output is taken as after that, and what comes later counts as asked for already.
  GstEvent* event =
      gst_video_event_new_downstream_force_key_unit(pts, stream_time, GST_CLOCK_TIME_NONE, FALSE, ++run.key_units);
  // Nobody need take the event: without a video encoder downstream there is nothing to force.
  gst_pad_push_event(GST_BASE_TRANSFORM_SRC_PAD(transform), event);
}

}  // namespace

void attach_mark_meta(GstBuffer* buffer, const EncodeRun& run, const std::string& name, int epoch, Action action) {
  GstStructure* fields = gst_steg_meta_ensure(buffer, GST_STEG_MARK_META_NAME);
  gst_structure_set(fields, "id", G_TYPE_STRING, name.c_str(), "epoch", G_TYPE_UINT, static_cast<guint>(epoch),
                    "key-fingerprint", G_TYPE_STRING, run.key_fingerprint.c_str(), "model-fingerprint", G_TYPE_STRING,
                    run.model_fingerprint.c_str(), "action", G_TYPE_STRING, action_name(action), nullptr);
}

void announce(GstBaseTransform* transform, EncodeRun& run, GstBuffer* buffer, GstClockTime running_time,
              const std::string& id, int epoch) {
  const GstClockTime pts = GST_BUFFER_PTS(buffer);
  // An encoder begins with a key frame anyway, and a request before its first output would make GstVideoEncoder 1.22
  // drop those of others, such as splitmuxsink (see above).
  if (run.applied_epoch >= 0) force_key_unit(transform, run, pts);
  if (run.applied_id != id) {
    GstStructure* fields = nullptr;
    if (const std::optional<SegmentMark> segment = segment_of(id)) {
      fields = gst_structure_new("steg-segment", "position", G_TYPE_UINT, static_cast<guint>(segment->position),
                                 "variant", G_TYPE_INT, static_cast<gint>(segment->variant), nullptr);
    } else {
      fields = gst_structure_new("steg-id-applied", "id", G_TYPE_STRING, id.c_str(), nullptr);
    }
    gst_structure_set(fields, "running-time", G_TYPE_UINT64, running_time, "pts", G_TYPE_UINT64, pts, "epoch",
                      G_TYPE_UINT, static_cast<guint>(epoch), nullptr);
    gst_element_post_message(GST_ELEMENT(transform), gst_message_new_element(GST_OBJECT(transform), fields));
  }
  run.applied_id = id;
  run.applied_epoch = epoch;
}

}  // namespace steg
