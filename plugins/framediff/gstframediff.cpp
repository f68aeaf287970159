// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * SECTION:element-framediff
 * @title: framediff
 * @short_description: Marks frames that repeat an earlier one, and measures the frame rate.
 *
 * Compares each frame with the last one that showed something new (the reference) and attaches the result as a
 * custom meta, #GstFrameDifferenceMeta, with the fields
 *
 * * `score` (gdouble): distance to the reference in the unit of #GstFrameDiff:method; -1 if there was no reference
 * * `duplicate` (gboolean): %TRUE if the frame is nearly the same as the reference
 * * `run-length` (guint): how many duplicates in a row end with this frame; 0 for a fresh frame
 * * `sequence` (guint64): number of this frame, counted from 1 over the life of the element
 * * `reference` (guint64): `sequence` of the frame that this one repeats; its own for a fresh frame
 *
 * The first frame, and the first one after a change of caps, a discontinuity, a flush, a new segment or a stop, is
 * fresh. Pixels are never changed.
 *
 * When the frame rate measured from the timestamps changes, the element posts an element message named
 * `framediff-rate` with the fields
 *
 * * `input-framerate` (GstFraction): frames a second that arrive, the standard rate where one fits
 * * `unique-framerate` (GstFraction): frames a second that show something new
 * * `variable` (gboolean): %TRUE if the timestamps follow no fixed period; `input-framerate` is the mean then
 * * `running-time` (guint64): of the frame at which this was known, in ns
 *
 * There is at most one message a second.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 -m filesrc location=talk.mp4 ! decodebin ! framediff ! fakesink
 * ]| Prints the rates of a file.
 * |[
 * gst-launch-1.0 filesrc location=talk.mp4 ! decodebin ! framediff drop-duplicates=true ! x264enc ! mp4mux ! filesink
 * location=small.mp4
 * ]| Keeps only the frames that show something new.
 */
#include "gstframediff.h"

#include <gst/video/video.h>

#include <new>
#include <optional>
#include <stdexcept>

#include "frame_difference.hpp"
#include "frame_rate.hpp"
#include "plugins/common/gst_ptr.hpp"
#include "plugins/common/gststegmeta.h"
#include "plugins/common/guard.hpp"
#include "plugins/common/video_frame.hpp"
#include "top_bits.hpp"

GST_DEBUG_CATEGORY_STATIC(gst_frame_diff_debug);
#define GST_CAT_DEFAULT gst_frame_diff_debug

namespace {

/// Duration of a frame if neither the frame nor the caps say.
constexpr GstClockTime kUnknownDuration = 40 * GST_MSECOND;

struct State {
  // Under the object lock.
  framediff::Method method = framediff::Method::block_sad;
  framediff::Settings settings;
  bool drop_duplicates = false;
  guint64 frames = 0;
  guint64 duplicates = 0;
  framediff::RateReport rates;

  // Of the streaming thread.
  GstVideoInfo info{};
  framediff::FrameDifference difference{framediff::Method::block_sad};
  framediff::TopBits top_bits;
  framediff::FrameRate rate;
  bool dropping = false;
};

enum { kPropMethod = 1, kPropThreshold, kPropMaxHold, kPropDropDuplicates, kPropStats };

GType method_get_type() {
  static const GEnumValue values[] = {
      {static_cast<gint>(framediff::Method::block_sad),
       "Largest block mean absolute difference, in 8-bit levels, less where the picture has much contrast (0 to 255)",
       "block-sad"},
      {static_cast<gint>(framediff::Method::ssim), "1 - SSIM of the worst block (0 to 2)", "ssim"},
      {static_cast<gint>(framediff::Method::dhash),
       "Hamming distance of 64-bit difference hashes (0 to 64); sees scene changes, not a moving cursor", "dhash"},
      {0, nullptr, nullptr}};
  static const GType type = g_enum_register_static("GstFrameDiffMethod", values);
  return type;
}

GstClockTime nominal_duration(const GstVideoInfo& info) {
  if (info.fps_n <= 0 || info.fps_d <= 0) return kUnknownDuration;
  return gst_util_uint64_scale_int(GST_SECOND, info.fps_d, info.fps_n);
}

}  // namespace

struct _GstFrameDiff {
  GstBaseTransform parent;
  State state;
};

#define gst_frame_diff_parent_class parent_class
// NOLINTNEXTLINE(performance-no-int-to-ptr): inside the macro
G_DEFINE_TYPE(GstFrameDiff, gst_frame_diff, GST_TYPE_BASE_TRANSFORM)
GST_ELEMENT_REGISTER_DEFINE_WITH_CODE(framediff, "framediff", GST_RANK_NONE, GST_TYPE_FRAME_DIFF,
                                      gst_steg_metas_register())

namespace {

/// Nothing before the next frame can be relied on.
void start_afresh(State& state) {
  state.difference.reset();
  state.rate.interrupt();
}

void set_property(GObject* object, guint id, const GValue* value, GParamSpec* spec) {
  State& state = GST_FRAME_DIFF(object)->state;
  bool renegotiate = false;
  GST_OBJECT_LOCK(object);
  switch (id) {
    case kPropMethod:
      state.method = static_cast<framediff::Method>(g_value_get_enum(value));
      break;
    case kPropThreshold:
      state.settings.threshold = g_value_get_double(value);
      break;
    case kPropMaxHold:
      state.settings.max_hold = g_value_get_uint64(value);
      break;
    case kPropDropDuplicates:
      renegotiate = state.drop_duplicates != (g_value_get_boolean(value) != FALSE);
      state.drop_duplicates = g_value_get_boolean(value) != FALSE;
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
  GST_OBJECT_UNLOCK(object);
  // The frame rate in the caps depends on it.
  if (renegotiate) gst_base_transform_reconfigure_src(GST_BASE_TRANSFORM(object));
}

void get_property(GObject* object, guint id, GValue* value, GParamSpec* spec) {
  State& state = GST_FRAME_DIFF(object)->state;
  GST_OBJECT_LOCK(object);
  switch (id) {
    case kPropMethod:
      g_value_set_enum(value, static_cast<gint>(state.method));
      break;
    case kPropThreshold:
      g_value_set_double(value, state.settings.threshold);
      break;
    case kPropMaxHold:
      g_value_set_uint64(value, state.settings.max_hold);
      break;
    case kPropDropDuplicates:
      g_value_set_boolean(value, state.drop_duplicates);
      break;
    case kPropStats:
      g_value_take_boxed(
          value, gst_structure_new("framediff-stats", "frames", G_TYPE_UINT64, state.frames, "duplicates",
                                   G_TYPE_UINT64, state.duplicates, "input-framerate", GST_TYPE_FRACTION,
                                   state.rates.input.num, state.rates.input.den, "unique-framerate", GST_TYPE_FRACTION,
                                   state.rates.unique.num, state.rates.unique.den, nullptr));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
  GST_OBJECT_UNLOCK(object);
}

void finalize(GObject* object) {
  GST_FRAME_DIFF(object)->state.~State();
  G_OBJECT_CLASS(parent_class)->finalize(object);
}

gboolean start(GstBaseTransform* transform) {
  State& state = GST_FRAME_DIFF(transform)->state;
  return gststeg::guarded(GST_ELEMENT(transform), FALSE, [&] {
    GST_OBJECT_LOCK(transform);
    const framediff::Method method = state.method;
    state.frames = 0;
    state.duplicates = 0;
    state.rates = {};
    GST_OBJECT_UNLOCK(transform);
    state.difference.set_method(method);
    state.rate.reset();
    return TRUE;
  });
}

gboolean stop(GstBaseTransform* transform) {
  start_afresh(GST_FRAME_DIFF(transform)->state);
  return TRUE;
}

gboolean set_caps(GstBaseTransform* transform, GstCaps* in_caps, GstCaps* /*out_caps*/) {
  State& state = GST_FRAME_DIFF(transform)->state;
  if (!gst_video_info_from_caps(&state.info, in_caps)) {
    GST_ELEMENT_ERROR(transform, STREAM, FORMAT, ("framediff cannot read the video format it was given."),
                      ("caps: %" GST_PTR_FORMAT, static_cast<void*>(in_caps)));
    return FALSE;
  }
  GST_OBJECT_LOCK(transform);
  state.dropping = state.drop_duplicates;
  GST_OBJECT_UNLOCK(transform);
  state.difference.reset();
  state.rate.set_declared({state.info.fps_n, state.info.fps_d});
  return TRUE;
}

/// Changes a structure of caps on its way downstream: without duplicates a stream has a variable frame rate, limited by
/// its former rate.
void declare_variable_rate(GstStructure* structure) {
  const GValue* rate = gst_structure_get_value(structure, "framerate");
  if (rate && GST_VALUE_HOLDS_FRACTION(rate) && gst_value_get_fraction_numerator(rate) > 0)
    gst_structure_set_value(structure, "max-framerate", rate);
  gst_structure_set(structure, "framerate", GST_TYPE_FRACTION, 0, 1, nullptr);
}

/// The same on its way upstream: any rate is accepted.
void allow_any_rate(GstStructure* structure) {
  gst_structure_remove_field(structure, "max-framerate");
  gst_structure_set(structure, "framerate", GST_TYPE_FRACTION_RANGE, 0, 1, G_MAXINT, 1, nullptr);
}

GstCaps* transform_caps(GstBaseTransform* transform, GstPadDirection direction, GstCaps* caps, GstCaps* filter) {
  State& state = GST_FRAME_DIFF(transform)->state;
  GST_OBJECT_LOCK(transform);
  const bool drop = state.drop_duplicates;
  GST_OBJECT_UNLOCK(transform);
  GstCaps* result = gst_caps_copy(caps);
  for (guint i = 0; drop && i < gst_caps_get_size(result); ++i) {
    GstStructure* structure = gst_caps_get_structure(result, i);
    if (direction == GST_PAD_SINK)
      declare_variable_rate(structure);
    else
      allow_any_rate(structure);
  }
  if (!filter) return result;
  GstCaps* filtered = gst_caps_intersect_full(filter, result, GST_CAPS_INTERSECT_FIRST);
  gst_caps_unref(result);
  return filtered;
}

/// Memory goes through untouched, so what downstream asks of it is asked of upstream (as in passthrough).
gboolean propose_allocation(GstBaseTransform* transform, GstQuery* /*decide_query*/, GstQuery* query) {
  return gst_pad_peer_query(GST_BASE_TRANSFORM_SRC_PAD(transform), query);
}

/// No pool, because the element has no buffers of its own.
gboolean decide_allocation(GstBaseTransform* /*transform*/, GstQuery* query) {
  while (gst_query_get_n_allocation_pools(query) > 0) gst_query_remove_nth_allocation_pool(query, 0);
  return TRUE;
}

/// A shared buffer cannot take a meta, so a new buffer around the same memory does.
GstFlowReturn prepare_output_buffer(GstBaseTransform* /*transform*/, GstBuffer* in, GstBuffer** out) {
  *out = gst_buffer_is_writable(in) ? in : gst_buffer_copy(in);
  return GST_FLOW_OK;
}

gboolean sink_event(GstBaseTransform* transform, GstEvent* event) {
  if (GST_EVENT_TYPE(event) == GST_EVENT_FLUSH_STOP || GST_EVENT_TYPE(event) == GST_EVENT_SEGMENT)
    start_afresh(GST_FRAME_DIFF(transform)->state);
  return GST_BASE_TRANSFORM_CLASS(parent_class)->sink_event(transform, event);
}

void attach_meta(GstBuffer* buffer, const framediff::Verdict& verdict) {
  GstStructure* fields = gst_steg_meta_ensure(buffer, GST_FRAME_DIFFERENCE_META_NAME);
  gst_structure_set(fields, "score", G_TYPE_DOUBLE, verdict.score, "duplicate", G_TYPE_BOOLEAN,
                    static_cast<gboolean>(verdict.duplicate), "run-length", G_TYPE_UINT, verdict.run_length, "sequence",
                    G_TYPE_UINT64, static_cast<guint64>(verdict.sequence), "reference", G_TYPE_UINT64,
                    static_cast<guint64>(verdict.reference), nullptr);
}

void post_rate(GstBaseTransform* transform, const framediff::RateReport& report, GstClockTime pts) {
  const guint64 running_time = gst_segment_to_running_time(&transform->segment, GST_FORMAT_TIME, pts);
  GST_INFO_OBJECT(transform, "input %d/%d fps%s, unique %d/%d fps", report.input.num, report.input.den,
                  report.variable ? " (variable)" : "", report.unique.num, report.unique.den);
  gst_element_post_message(
      GST_ELEMENT(transform),
      gst_message_new_element(
          GST_OBJECT(transform),
          gst_structure_new("framediff-rate", "input-framerate", GST_TYPE_FRACTION, report.input.num, report.input.den,
                            "unique-framerate", GST_TYPE_FRACTION, report.unique.num, report.unique.den, "variable",
                            G_TYPE_BOOLEAN, static_cast<gboolean>(report.variable), "running-time", G_TYPE_UINT64,
                            running_time, nullptr)));
}

framediff::Verdict examine(GstBaseTransform* transform, State& state, GstBuffer* buffer) {
  const gststeg::VideoFrame frame(state.info, buffer, GST_MAP_READ);
  if (!frame)
    throw std::runtime_error("framediff could not read a video frame: the buffer is smaller than its caps say.");
  GST_OBJECT_LOCK(transform);
  const framediff::Settings settings = state.settings;
  GST_OBJECT_UNLOCK(transform);
  framediff::FrameTime time{std::nullopt, nominal_duration(state.info)};
  if (GST_BUFFER_PTS_IS_VALID(buffer)) time.pts = GST_BUFFER_PTS(buffer);
  if (GST_BUFFER_DURATION_IS_VALID(buffer)) time.duration = GST_BUFFER_DURATION(buffer);
  framediff::LumaPlane luma{frame.luma(), frame.stride(), frame.width(), frame.height()};
  if (GST_VIDEO_INFO_COMP_DEPTH(&state.info, 0) > 8)
    luma = state.top_bits.of(luma.data, luma.stride, luma.width, luma.height,
                             static_cast<int>(GST_VIDEO_FORMAT_INFO_SHIFT(state.info.finfo, 0)));
  return state.difference.examine(luma, time, settings);
}

/// Takes a duplicate out of the stream. The gap event lets downstream elements that wait for this stream go on.
GstFlowReturn drop(GstBaseTransform* transform, GstBuffer* buffer) {
  if (GST_BUFFER_PTS_IS_VALID(buffer))
    gst_pad_push_event(GST_BASE_TRANSFORM_SRC_PAD(transform),
                       gst_event_new_gap(GST_BUFFER_PTS(buffer), GST_BUFFER_DURATION(buffer)));
  return GST_BASE_TRANSFORM_FLOW_DROPPED;
}

GstFlowReturn transform_ip(GstBaseTransform* transform, GstBuffer* buffer) {
  State& state = GST_FRAME_DIFF(transform)->state;
  if (GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DISCONT)) start_afresh(state);
  // Made from a gap event, without a picture.
  if (GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_GAP) && gst_buffer_get_size(buffer) == 0) return GST_FLOW_OK;
  return gststeg::guarded(GST_ELEMENT(transform), GST_FLOW_ERROR, [&] {
    const framediff::Verdict verdict = examine(transform, state, buffer);
    attach_meta(buffer, verdict);
    std::optional<framediff::RateReport> changed;
    if (GST_BUFFER_PTS_IS_VALID(buffer))
      changed = state.rate.push(GST_BUFFER_PTS(buffer), !verdict.duplicate && !verdict.held_out);
    GST_OBJECT_LOCK(transform);
    ++state.frames;
    state.duplicates += verdict.duplicate ? 1 : 0;
    state.rates = state.rate.report();
    GST_OBJECT_UNLOCK(transform);
    if (changed) post_rate(transform, *changed, GST_BUFFER_PTS(buffer));
    if (!state.dropping) return GST_FLOW_OK;
    if (verdict.duplicate) return drop(transform, buffer);
    // How long it will be shown is not known yet.
    GST_BUFFER_DURATION(buffer) = GST_CLOCK_TIME_NONE;
    return GST_FLOW_OK;
  });
}

void install_properties(GObjectClass* object_class) {
  const auto flags = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  const auto ready = static_cast<GParamFlags>(flags | GST_PARAM_MUTABLE_READY);
  const auto playing = static_cast<GParamFlags>(flags | GST_PARAM_MUTABLE_PLAYING);
  g_object_class_install_property(
      object_class, kPropMethod,
      g_param_spec_enum(
          "method", "Method",
          "How a frame is compared with the last fresh one. block-sad tells a moving cursor from the noise "
          "of a codec and is the fastest; ssim is many times slower and no better; dhash sees scene changes "
          "only. A change takes effect when the element next starts",
          method_get_type(), static_cast<gint>(framediff::Method::block_sad), ready));
  g_object_class_install_property(
      object_class, kPropThreshold,
      g_param_spec_double(
          "threshold", "Threshold",
          "Largest score that makes a frame a duplicate, in the unit of the method: block-sad 0 to 255 "
          "(8-bit levels), ssim 0 to 2, dhash 0 to 64. -1: the value measured for the method (block-sad 8, "
          "ssim 0.85, dhash 2). Raise it for noisy sources, lower it to keep faint motion; 0 means equal",
          -1.0, 255.0, -1.0, playing));
  g_object_class_install_property(
      object_class, kPropMaxHold,
      g_param_spec_uint64(
          "max-hold", "Maximum hold",
          "Longest time that one frame may be repeated, in ns: the first frame this long after the last "
          "fresh one is fresh whatever it shows, so that a change too faint to see arrives in time. "
          "18446744073709551615: no limit; 0: no frame is a duplicate",
          0, G_MAXUINT64, GST_SECOND, playing));
  g_object_class_install_property(
      object_class, kPropDropDuplicates,
      g_param_spec_boolean(
          "drop-duplicates", "Drop duplicates",
          "Take duplicates out of the stream. What is left keeps its timestamps, has no durations, and "
          "its caps say framerate=0/1 (variable); a gap event stands for each frame taken out",
          FALSE, playing));
  g_object_class_install_property(
      object_class, kPropStats,
      g_param_spec_boxed(
          "stats", "Statistics",
          "Since the element started: frames and duplicates (guint64), input-framerate (frames a second "
          "that arrive) and unique-framerate (that show something new; GstFraction, 0/1 if not known yet)",
          GST_TYPE_STRUCTURE, static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
}

}  // namespace

static void gst_frame_diff_class_init(GstFrameDiffClass* klass) {
  GST_DEBUG_CATEGORY_INIT(gst_frame_diff_debug, "framediff", 0, "framediff element");
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  install_properties(object_class);

  auto* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_set_static_metadata(element_class, "Frame difference", "Filter/Analyzer/Video",
                                        "Marks frames that repeat an earlier one, and measures the frame rate",
                                        "The gst-steg developers");
  const gststeg::Ptr<GstCaps> caps(gst_caps_from_string(GST_VIDEO_CAPS_MAKE(GST_STEG_LUMA_FORMATS)));
  gst_element_class_add_pad_template(element_class,
                                     gst_pad_template_new("sink", GST_PAD_SINK, GST_PAD_ALWAYS, caps.get()));
  gst_element_class_add_pad_template(element_class,
                                     gst_pad_template_new("src", GST_PAD_SRC, GST_PAD_ALWAYS, caps.get()));
  gst_type_mark_as_plugin_api(method_get_type(), static_cast<GstPluginAPIFlags>(0));

  auto* transform_class = GST_BASE_TRANSFORM_CLASS(klass);
  transform_class->start = start;
  transform_class->stop = stop;
  transform_class->set_caps = set_caps;
  transform_class->transform_caps = transform_caps;
  transform_class->propose_allocation = propose_allocation;
  transform_class->decide_allocation = decide_allocation;
  transform_class->prepare_output_buffer = prepare_output_buffer;
  transform_class->sink_event = sink_event;
  transform_class->transform_ip = transform_ip;
}

static void gst_frame_diff_init(GstFrameDiff* self) {
  new (&self->state) State;
  gst_base_transform_set_in_place(GST_BASE_TRANSFORM(self), TRUE);
  gst_base_transform_set_qos_enabled(GST_BASE_TRANSFORM(self), FALSE);
}
