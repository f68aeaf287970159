// SPDX-License-Identifier: LGPL-2.1-or-later

/**
 * SECTION:element-stegencode
 * @title: stegencode
 * @short_description: puts an invisible, traceable ID into every frame
 *
 * stegencode writes an ID of 1 to 7 bytes into the planes of every frame, in place. People do not see it; with the
 * same key #stegdecode and the tool steg-trace find it again in a copy, also after the copy was encoded again or
 * scaled.
 *
 * The element fails closed: without an ID, a model and a usable key it does not start, and a frame that cannot be
 * marked ends the stream with an error. No frame leaves it unmarked.
 *
 * With the first frame of a changed ID or epoch it sends a force-key-unit event downstream, because a video encoder
 * would otherwise skip so small a change in still areas and go on showing the old mark.
 *
 * Messages on the bus (element messages):
 *
 * `steg-id-applied`: the first frame that carries a new ID leaves the element.
 * * `id` (#gchararray): the ID
 * * `running-time` (#guint64): of that frame, in nanoseconds; #GST_CLOCK_TIME_NONE if it has none
 * * `pts` (#guint64): of that frame, in nanoseconds; #GST_CLOCK_TIME_NONE if it has none
 * * `epoch` (#guint): so many #GstStegEncode:epoch-period after midnight UTC; 0 to 7 with a model of contract version 1
 *
 * `steg-segment`: with #GstStegEncode:segment-duration set, in place of that: the first frame of a segment leaves the
 * element.
 * * `position` (#guint), `variant` (#gint): what its frames carry
 * * `running-time`, `pts` (#guint64), `epoch` (#guint): as above
 *
 * `steg-verified`: with #GstStegEncode:verify-interval set, a frame of the output was read back, alone and before any
 * video encoder.
 * * `id` (#gchararray), `running-time` (#guint64), `epoch` (#guint): of that frame
 * * `proven` (#gboolean): the frame alone proves its ID at a p-value of 1e-9
 * * `margin` (#gdouble): its signature S over what that asks for (6.44); negative if not proven
 * * `blind` (#gboolean): reading the frame alone without knowing its ID gives the ID
 * * `signature`, `p-value`, `log10-p`, `bit-accuracy`, `mean-z` (#gdouble): as those of #stegdecode
 *
 * Every frame gets a custom meta `GstStegMarkMeta` (header gst-steg/gststegmeta.h) with the fields `id`, `epoch`,
 * `key-fingerprint`, `model-fingerprint` and `action`.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 videotestsrc pattern=ball num-buffers=300 ! video/x-raw,width=1280,height=720 ! framediff ! stegencode
 * id=alice ! x264enc ! mp4mux ! filesink location=marked.mp4
 * ]|
 */

#include "gststegencode.h"

#include <gst/video/video.h>

#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <string>

#include "encode_properties.hpp"
#include "encode_state.hpp"
#include "frame_marking.hpp"
#include "frame_picture.hpp"
#include "plugins/common/gststegmeta.h"
#include "plugins/common/guard.hpp"
#include "plugins/common/property_value.hpp"
#include "plugins/steg/model/extractor.hpp"
#include "plugins/steg/model/shipped_models.hpp"
#include "settings.hpp"

GST_DEBUG_CATEGORY_STATIC(steg_encode_debug);
#define GST_CAT_DEFAULT steg_encode_debug

struct _GstStegEncode {
  GstBaseTransform parent;
  steg::EncodeState state;
};

G_DEFINE_TYPE(GstStegEncode, gst_steg_encode, GST_TYPE_BASE_TRANSFORM)
GST_ELEMENT_REGISTER_DEFINE(stegencode, "stegencode", GST_RANK_NONE, GST_TYPE_STEG_ENCODE)

namespace {

constexpr guint64 kShortestSegment = GST_SECOND / 10;

constexpr char kCaps[] = GST_VIDEO_CAPS_MAKE(GST_STEG_LUMA_FORMATS);
GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS(kCaps));
GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS(kCaps));

void set_id(GstStegEncode* self, const std::string& id) {
  steg::EncodeState& state = self->state;
  std::string refusal;
  try {
    state.id.set_id(id);
  } catch (const std::exception& error) {
    refusal = error.what();
  }
  bool segments = false;
  {
    const std::lock_guard<std::mutex> lock(state.lock);
    state.refusal = refusal;
    segments = state.settings.segment_duration > 0;
  }
  if (refusal.empty()) {
    if (segments)
      steg::post_settings_warning(GST_ELEMENT(self),
                                  "The ID is not marked, because segments are. To mark an ID, stop the element and set "
                                  "segment-duration=0.");
    return;
  }
  const std::string kept = state.id.id();
  steg::post_settings_warning(GST_ELEMENT(self), "The new ID was refused, and " +
                                                     (kept.empty() ? "there is none yet" : "\"" + kept + "\" stays") +
                                                     ": " + refusal);
}

void set_property(GObject* object, guint property, const GValue* value, GParamSpec* spec) {
  GstStegEncode* self = GST_STEG_ENCODE(object);
  if (property == steg::kPropId) {
    set_id(self, gststeg::string_of(value));
    return;
  }
  const std::lock_guard<std::mutex> lock(self->state.lock);
  if (!self->state.settings.set(property, value)) G_OBJECT_WARN_INVALID_PROPERTY_ID(object, property, spec);
}

void get_property(GObject* object, guint property, GValue* value, GParamSpec* spec) {
  steg::EncodeState& state = GST_STEG_ENCODE(object)->state;
  const std::string id = state.id.id();
  const std::lock_guard<std::mutex> lock(state.lock);
  if (property == steg::kPropId) {
    gststeg::set_string(value, id);
  } else if (property == steg::kPropStats) {
    g_value_take_boxed(value, state.stats.structure(id));
  } else if (!state.settings.get(property, value)) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, property, spec);
  }
}

/// False, after an element error, if the extractor cannot be used.
bool start_verification(GstBaseTransform* transform, const steg::EncodeSettings& settings, const steg::Key& key) {
  GstElement* element = GST_ELEMENT(transform);
  steg::EncodeState& state = GST_STEG_ENCODE(transform)->state;
  const std::string path = settings.extractor_path();
  try {
    state.running->verification = std::make_unique<steg::Verification>(
        element, key, steg::load_extractor(path, 1, settings.device), [&state](const steg::SelfCheckResult& result) {
          const std::lock_guard<std::mutex> lock(state.lock);
          state.stats.verify.count(result);
        });
  } catch (const steg::ModelError& error) {
    steg::post_resource_error(element, steg::file_error_code(path), error.what());
    return false;
  }
  return true;
}

gboolean start(GstBaseTransform* transform) {
  GstElement* element = GST_ELEMENT(transform);
  return gststeg::guarded(element, FALSE, [&]() -> gboolean {
    steg::EncodeState& state = GST_STEG_ENCODE(transform)->state;
    steg::EncodeSettings settings;
    std::string refusal;
    {
      const std::lock_guard<std::mutex> lock(state.lock);
      settings = state.settings;
      refusal = state.refusal;
      state.stats = {};
    }
    const bool segments = settings.segment_duration > 0;
    if (segments && !state.id.id().empty()) {
      steg::post_resource_error(element, GST_RESOURCE_ERROR_SETTINGS,
                                "Both `id` and `segment-duration` are set, and a frame carries only one of an ID and a "
                                "segment. Set one of them.");
      return FALSE;
    }
    if (segments && settings.segment_duration < kShortestSegment) {
      steg::post_resource_error(element, GST_RESOURCE_ERROR_SETTINGS,
                                "`segment-duration` is shorter than 0.1 s. It is in nanoseconds: for segments of 2 s "
                                "set segment-duration=2000000000.");
      return FALSE;
    }
    if (!segments && state.id.id().empty()) {
      const std::string why =
          refusal.empty() ? "No ID is set." : "No ID is set; the last one was refused: " + refusal + ".";
      steg::post_resource_error(element, GST_RESOURCE_ERROR_SETTINGS,
                                why + " Set the property `id` to 1 to 7 bytes of text, for instance id=alice.");
      return FALSE;
    }
    const std::optional<steg::Key> key = steg::load_key(element, settings.key_file);
    if (!key) return FALSE;
    std::shared_ptr<steg::Encoder> encoder;
    try {
      encoder = steg::load_encoder(settings.encoder_path(), settings.threads, settings.device);
    } catch (const steg::ModelError& error) {
      steg::post_resource_error(element, steg::file_error_code(settings.encoder_path()), error.what());
      return FALSE;
    }
    if (key->is_public_default()) {
      steg::post_settings_warning(element,
                                  "No key file is set, so the public default key is used: anyone can read and forge "
                                  "such marks. Make a key with `steg-audit keygen steg.key` and set "
                                  "key-file=steg.key.");
    }
    if (encoder->is_foreign())
      steg::post_settings_warning(element, steg::foreign_model_warning(settings.encoder_path()));
    state.running = std::make_unique<steg::EncodeRun>(*key, encoder, settings);
    if (settings.verify_interval > 0 && !start_verification(transform, settings, *key)) {
      state.running.reset();
      return FALSE;
    }
    const auto maker = std::make_shared<steg::PatternMaker>(*key, encoder);
    if (segments) {
      const steg::SegmentPlan plan{settings.segment_duration, settings.first_position, settings.variant};
      state.running->segments.emplace(plan, maker, encoder->chip_format());
      state.running->position = plan.first_position;
    } else {
      state.id.start(maker);
    }
    return TRUE;
  });
}

gboolean stop(GstBaseTransform* transform) {
  steg::EncodeState& state = GST_STEG_ENCODE(transform)->state;
  state.id.stop();
  state.running.reset();
  return TRUE;
}

gboolean set_caps(GstBaseTransform* transform, GstCaps* in_caps, GstCaps*) {
  return gststeg::guarded(GST_ELEMENT(transform), FALSE, [&]() -> gboolean {
    steg::EncodeState& state = GST_STEG_ENCODE(transform)->state;
    steg::EncodeRun& run = *state.running;
    GstVideoInfo info;
    if (!gst_video_info_from_caps(&info, in_caps)) return FALSE;
    try {
      run.marker.set_picture_shape(steg::shape_of(info));
    } catch (const steg::GridError& error) {
      run.size_refusal.post(GST_ELEMENT(transform), info, error.what());
      return FALSE;
    }
    run.info = info;
    run.sharer.emplace(run.network, steg::shape_of(info));
    run.copies.emplace(info);
    run.last_output.reset();
    state.id.set_size(run.marker.size());
    if (run.segments) run.segments->set_size(run.marker.size());
    return TRUE;
  });
}

gboolean sink_event(GstBaseTransform* transform, GstEvent* event) {
  steg::EncodeState& state = GST_STEG_ENCODE(transform)->state;
  switch (GST_EVENT_TYPE(event)) {
    case GST_EVENT_STREAM_START:
    case GST_EVENT_SEGMENT:
    case GST_EVENT_FLUSH_STOP:
      if (state.running) state.running->forget_last();
      break;
    default:
      break;
  }
  return GST_BASE_TRANSFORM_CLASS(gst_steg_encode_parent_class)->sink_event(transform, event);
}

GstFlowReturn transform_ip(GstBaseTransform* transform, GstBuffer* buffer) {
  return gststeg::guarded(GST_ELEMENT(transform), GST_FLOW_ERROR, [&] {
    return steg::mark_buffer(transform, GST_STEG_ENCODE(transform)->state, buffer, buffer);
  });
}

GstFlowReturn generate_output(GstBaseTransform* transform, GstBuffer** output) {
  steg::EncodeState& state = GST_STEG_ENCODE(transform)->state;
  *output = nullptr;
  if (transform->queued_buf) {
    const GstFlowReturn result = gststeg::guarded(GST_ELEMENT(transform), GST_FLOW_ERROR, [&] {
      *output = steg::repeat_last(transform, state);
      return *output ? GST_FLOW_OK : steg::mark_shared(transform, state, output);
    });
    if (result != GST_FLOW_OK || *output) {
      gst_clear_buffer(&transform->queued_buf);
      return result;
    }
  }
  return GST_BASE_TRANSFORM_CLASS(gst_steg_encode_parent_class)->generate_output(transform, output);
}

void finalize(GObject* object) {
  GST_STEG_ENCODE(object)->state.~EncodeState();
  G_OBJECT_CLASS(gst_steg_encode_parent_class)->finalize(object);
}

}  // namespace

static void gst_steg_encode_class_init(GstStegEncodeClass* klass) {
  GST_DEBUG_CATEGORY_INIT(steg_encode_debug, "stegencode", 0, "invisible ID into video");
  gst_steg_metas_register();
  GObjectClass* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  steg::install_encode_properties(object_class);

  GstElementClass* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_add_static_pad_template(element_class, &sink_template);
  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_set_static_metadata(element_class, "Steganographic ID encoder", "Filter/Effect/Video",
                                        "Puts an invisible, traceable ID into every frame", "The gst-steg developers");
  gst_type_mark_as_plugin_api(steg::on_duplicate_type(), static_cast<GstPluginAPIFlags>(0));

  GstBaseTransformClass* transform_class = GST_BASE_TRANSFORM_CLASS(klass);
  transform_class->start = start;
  transform_class->stop = stop;
  transform_class->set_caps = set_caps;
  transform_class->sink_event = sink_event;
  transform_class->transform_ip = transform_ip;
  transform_class->generate_output = generate_output;
}

static void gst_steg_encode_init(GstStegEncode* self) {
  new (&self->state) steg::EncodeState();
  gst_base_transform_set_in_place(GST_BASE_TRANSFORM(self), TRUE);
  gst_base_transform_set_qos_enabled(GST_BASE_TRANSFORM(self), FALSE);
}
