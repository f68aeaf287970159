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

#include <algorithm>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <utility>

#include "encode_properties.hpp"
#include "frame_picture.hpp"
#include "plugins/common/gst_ptr.hpp"
#include "plugins/common/gststegmeta.h"
#include "plugins/common/guard.hpp"
#include "plugins/common/video_frame.hpp"
#include "plugins/steg/marking/epoch_clock.hpp"
#include "plugins/steg/marking/id_control.hpp"
#include "plugins/steg/marking/marker.hpp"
#include "plugins/steg/marking/prefetcher.hpp"
#include "plugins/steg/marking/segment_patterns.hpp"
#include "plugins/steg/model/extractor.hpp"
#include "plugins/steg/model/shipped_models.hpp"
#include "plugins/steg/watermark/segment_mark.hpp"
#include "settings.hpp"
#include "shared_picture.hpp"
#include "verification.hpp"

GST_DEBUG_CATEGORY_STATIC(steg_encode_debug);
#define GST_CAT_DEFAULT steg_encode_debug

namespace {

using steg::Action;
using steg::OnDuplicate;

/// What start() makes and the streaming thread uses.
struct Running {
  Running(const steg::Key& key, const std::shared_ptr<steg::Encoder>& encoder, const steg::EncodeSettings& settings)
      : epochs(encoder->chip_format()),
        marker(encoder),
        key_fingerprint(key.fingerprint()),
        model_fingerprint(encoder->fingerprint()),
        network(model_fingerprint + " " + std::to_string(static_cast<int>(settings.device)) + " " +
                std::to_string(settings.threads)) {}
  steg::EpochClock epochs;
  steg::Marker marker;
  steg::Prefetcher prefetcher;
  std::string key_fingerprint;
  std::string model_fingerprint;
  std::string network;                      ///< and how it is computed, which decides the last bits of a result
  std::optional<steg::LookSharer> sharer;   ///< once the shape of pictures is known
  std::optional<steg::CopyPool> copies;     ///< the same
  std::shared_ptr<steg::PictureLook> look;  ///< at the picture that is being marked, if others mark it, too
  std::unique_ptr<steg::Verification> verification;  ///< if it is asked for
  std::optional<steg::SegmentPatterns> segments;     ///< if these are marked, and no ID
  std::uint32_t position = 0;                        ///< of the segment that goes on
  GstVideoInfo info{};
  steg::SizeRefusal size_refusal;
  /// A reference to what was sent for the frame that duplicates repeat; nobody may write to it meanwhile.
  gststeg::Ptr<GstBuffer> last_output;
  std::string applied_id;
  int applied_epoch = -1;
  int epoch = 0;
  guint key_units = 0;

  void forget_last() {
    marker.forget_last();
    last_output.reset();
  }
};

struct State {
  steg::IdControl id;
  std::mutex lock;  ///< guards the three below; never held while anything is called or posted
  steg::EncodeSettings settings;
  steg::EncodeStats stats;
  std::string refusal;  ///< why the last ID was not taken
  std::unique_ptr<Running> running;
};

}  // namespace

struct _GstStegEncode {
  GstBaseTransform parent;
  State state;
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
  State& state = self->state;
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
    set_id(self, steg::string_of(value));
    return;
  }
  const std::lock_guard<std::mutex> lock(self->state.lock);
  if (!self->state.settings.set(property, value)) G_OBJECT_WARN_INVALID_PROPERTY_ID(object, property, spec);
}

void get_property(GObject* object, guint property, GValue* value, GParamSpec* spec) {
  State& state = GST_STEG_ENCODE(object)->state;
  const std::string id = state.id.id();
  const std::lock_guard<std::mutex> lock(state.lock);
  if (property == steg::kPropId) {
    steg::set_string(value, id);
  } else if (property == steg::kPropStats) {
    g_value_take_boxed(value, state.stats.structure(id));
  } else if (!state.settings.get(property, value)) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, property, spec);
  }
}

/// False, after an element error, if the extractor cannot be used.
bool start_verification(GstBaseTransform* transform, const steg::EncodeSettings& settings, const steg::Key& key) {
  GstElement* element = GST_ELEMENT(transform);
  State& state = GST_STEG_ENCODE(transform)->state;
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
    State& state = GST_STEG_ENCODE(transform)->state;
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
    state.running = std::make_unique<Running>(*key, encoder, settings);
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
  State& state = GST_STEG_ENCODE(transform)->state;
  state.id.stop();
  state.running.reset();
  return TRUE;
}

gboolean set_caps(GstBaseTransform* transform, GstCaps* in_caps, GstCaps*) {
  return gststeg::guarded(GST_ELEMENT(transform), FALSE, [&]() -> gboolean {
    State& state = GST_STEG_ENCODE(transform)->state;
    Running& running = *state.running;
    GstVideoInfo info;
    if (!gst_video_info_from_caps(&info, in_caps)) return FALSE;
    try {
      running.marker.set_picture_shape(steg::shape_of(info));
    } catch (const steg::GridError& error) {
      running.size_refusal.post(GST_ELEMENT(transform), info, error.what());
      return FALSE;
    }
    running.info = info;
    running.sharer.emplace(running.network, steg::shape_of(info));
    running.copies.emplace(info);
    running.last_output.reset();
    state.id.set_size(running.marker.size());
    if (running.segments) running.segments->set_size(running.marker.size());
    return TRUE;
  });
}

gboolean sink_event(GstBaseTransform* transform, GstEvent* event) {
  State& state = GST_STEG_ENCODE(transform)->state;
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

std::optional<steg::Likeness> likeness_of(GstBuffer* buffer) {
  const GstStructure* fields = gst_steg_meta_get(buffer, GST_FRAME_DIFFERENCE_META_NAME);
  gboolean duplicate = FALSE;
  guint64 reference = 0;
  if (!fields || !gst_structure_get_boolean(fields, "duplicate", &duplicate) ||
      !gst_structure_get_uint64(fields, "reference", &reference))
    return std::nullopt;
  return steg::Likeness{duplicate != FALSE, reference};
}

void attach_mark_meta(GstBuffer* buffer, const Running& running, const std::string& name, int epoch, Action action) {
  GstStructure* fields = gst_steg_meta_ensure(buffer, GST_STEG_MARK_META_NAME);
  gst_structure_set(fields, "id", G_TYPE_STRING, name.c_str(), "epoch", G_TYPE_UINT, static_cast<guint>(epoch),
                    "key-fingerprint", G_TYPE_STRING, running.key_fingerprint.c_str(), "model-fingerprint",
                    G_TYPE_STRING, running.model_fingerprint.c_str(), "action", G_TYPE_STRING,
                    steg::action_name(action), nullptr);
}

void count(State& state, Action action, const std::string& name, int epoch, GstClockTime took) {
  const std::lock_guard<std::mutex> lock(state.lock);
  steg::EncodeStats& stats = state.stats;
  stats.id_applied = name;
  stats.epoch = epoch;
  switch (action) {
    case Action::repeat:
      ++stats.repeated;
      break;
    case Action::residual:
      ++stats.residual;
      break;
    case Action::encode:
      ++stats.encoded;
      stats.last_encode_time = took;
      stats.max_encode_time = std::max(stats.max_encode_time, took);
      break;
  }
}

/// Has a video encoder downstream make the next frame a key frame.
void force_key_unit(GstBaseTransform* transform, Running& running, GstClockTime pts) {
  const GstClockTime stream_time = gst_segment_to_stream_time(&transform->segment, GST_FORMAT_TIME, pts);
  // No running time, which means as soon as possible; the event is serialized, so that this is the buffer after it.
  // With a running time GstVideoEncoder 1.22 drops requests: x264enc shifts time stamps by 1000 hours, the time of a
  // request before its first output is taken as after that, and what comes later counts as asked for already.
  GstEvent* event =
      gst_video_event_new_downstream_force_key_unit(pts, stream_time, GST_CLOCK_TIME_NONE, FALSE, ++running.key_units);
  // Nobody need take the event: without a video encoder downstream there is nothing to force.
  gst_pad_push_event(GST_BASE_TRANSFORM_SRC_PAD(transform), event);
}

/// Tells downstream and the application that from this buffer on there is another mark.
void announce(GstBaseTransform* transform, Running& running, GstBuffer* buffer, GstClockTime running_time,
              const std::string& id, int epoch) {
  const GstClockTime pts = GST_BUFFER_PTS(buffer);
  // An encoder begins with a key frame anyway, and a request before its first output would make GstVideoEncoder 1.22
  // drop those of others, such as splitmuxsink (see above).
  if (running.applied_epoch >= 0) force_key_unit(transform, running, pts);
  if (running.applied_id != id) {
    GstStructure* fields = nullptr;
    if (const std::optional<steg::SegmentMark> segment = steg::segment_of(id)) {
      fields = gst_structure_new("steg-segment", "position", G_TYPE_UINT, static_cast<guint>(segment->position),
                                 "variant", G_TYPE_INT, static_cast<gint>(segment->variant), nullptr);
    } else {
      fields = gst_structure_new("steg-id-applied", "id", G_TYPE_STRING, id.c_str(), nullptr);
    }
    gst_structure_set(fields, "running-time", G_TYPE_UINT64, running_time, "pts", G_TYPE_UINT64, pts, "epoch",
                      G_TYPE_UINT, static_cast<guint>(epoch), nullptr);
    gst_element_post_message(GST_ELEMENT(transform), gst_message_new_element(GST_OBJECT(transform), fields));
  }
  running.applied_id = id;
  running.applied_epoch = epoch;
}

GstFlowReturn refuse_buffer(GstBaseTransform* transform, GstBuffer* buffer) {
  GST_ELEMENT_ERROR(
      transform, STREAM, FAILED,
      ("A frame could not be marked, and unmarked frames are not sent: its memory cannot be mapped, or it "
       "is not of the size in its caps. Check the element before stegencode."),
      ("buffer %" GST_PTR_FORMAT, static_cast<void*>(buffer)));
  return GST_FLOW_ERROR;
}

/// What a frame is marked with, and when it is shown.
struct Job {
  steg::MarkRequest request;
  guint64 epoch_period;
  guint64 verify_interval;
  GstClockTime running_time;
};

Job job_for(GstBaseTransform* transform, GstBuffer* buffer) {
  State& state = GST_STEG_ENCODE(transform)->state;
  Running& running = *state.running;
  Job job;
  guint64 origin = 0;
  {
    const std::lock_guard<std::mutex> lock(state.lock);
    origin = state.settings.epoch_origin;
    job.request.strength = state.settings.strength;
    job.request.on_duplicate = state.settings.on_duplicate;
    job.request.residual_interval = state.settings.residual_interval;
    job.epoch_period = state.settings.epoch_period;
    job.verify_interval = state.settings.verify_interval;
  }
  job.running_time = gst_segment_to_running_time(&transform->segment, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer));
  const bool timed = GST_CLOCK_TIME_IS_VALID(job.running_time);
  // The nearest frame changes epoch or segment, not the first one after its time: a time stamp that was rounded down
  // must not put the key frame that is asked for one frame behind the encoder's own.
  const GstClockTime half = GST_BUFFER_DURATION_IS_VALID(buffer) ? GST_BUFFER_DURATION(buffer) / 2 : 0;
  // A frame without a time stamp keeps what the one before it had; the first of all is shown now.
  if (running.segments) {
    if (timed) running.position = running.segments->plan().position_at(job.running_time + half);
    running.epoch = running.segments->epoch(running.position);
    job.request.patterns = running.segments->at(running.position);
  } else {
    if (timed || !running.epochs.started()) {
      const GstClockTime time = timed ? job.running_time : 0;
      if (!running.epochs.started()) {
        const guint64 now = static_cast<guint64>(g_get_real_time()) * GST_USECOND;
        running.epochs.start(origin != G_MAXUINT64 ? origin : running.epochs.default_origin(now, time));
      }
      running.epoch = running.epochs.at(time + half, job.epoch_period);
    }
    job.request.patterns = state.id.current(running.epoch);
  }
  job.request.epoch = running.epoch;
  job.request.likeness = likeness_of(buffer);
  return job;
}

/// `marked` has its pixels: reads them back if it is time to, attaches the meta, counts, announces.
void finish(GstBaseTransform* transform, GstBuffer* marked, const Job& job, Action action, GstClockTime took) {
  State& state = GST_STEG_ENCODE(transform)->state;
  Running& running = *state.running;
  const std::string& id = job.request.patterns->id();
  const int epoch = job.request.epoch;
  if (running.verification && job.verify_interval > 0) {
    if (const gststeg::VideoFrame frame(running.info, marked, GST_MAP_READ); frame)
      running.verification->offer(steg::picture_of(frame), id, epoch, job.running_time, job.verify_interval);
  }
  const std::string name = steg::name_of_payload(id);
  attach_mark_meta(marked, running, name, epoch, action);
  count(state, action, name, epoch, took);
  if (running.applied_id != id || running.applied_epoch != epoch) {
    announce(transform, running, marked, job.running_time, id, epoch);
    if (running.segments) {
      const std::uint32_t next = running.position + 1;
      running.prefetcher.request(running.segments->at(next), running.segments->epoch(next));
    } else if (job.epoch_period > 0) {
      running.prefetcher.request(job.request.patterns, running.epochs.next(epoch, job.epoch_period));
    }
  }
}

/// Marks `input` into `output`, which may be the same buffer.
GstFlowReturn mark_buffer(GstBaseTransform* transform, GstBuffer* input, GstBuffer* output) {
  Running& running = *GST_STEG_ENCODE(transform)->state.running;
  const Job job = job_for(transform, input);
  const GstClockTime begin = gst_util_get_timestamp();
  Action action = Action::encode;
  running.last_output.reset();
  const std::shared_ptr<steg::PictureLook> look = std::move(running.look);
  {
    if (!steg::has_size_of(input, running.info)) return refuse_buffer(transform, input);
    gststeg::VideoFrame target(running.info, output, input == output ? GST_MAP_READWRITE : GST_MAP_WRITE);
    if (!target) return refuse_buffer(transform, input);
    std::optional<gststeg::VideoFrame> source;
    if (input != output && !source.emplace(running.info, input, GST_MAP_READ)) return refuse_buffer(transform, input);
    const steg::WritablePicture to = steg::picture_of(target);
    const steg::PictureView from = source ? steg::picture_of(std::as_const(*source)) : to;
    action = running.marker.mark(from, to, job.request, look.get());
  }
  finish(transform, output, job, action, gst_util_get_timestamp() - begin);
  if (job.request.likeness && job.request.on_duplicate == OnDuplicate::repeat)
    running.last_output.reset(gst_buffer_ref(output));
  return GST_FLOW_OK;
}

GstFlowReturn transform_ip(GstBaseTransform* transform, GstBuffer* buffer) {
  return gststeg::guarded(GST_ELEMENT(transform), GST_FLOW_ERROR,
                          [&] { return mark_buffer(transform, buffer, buffer); });
}

/// The memory of `last` with the time stamps, flags and metas of `input`.
GstBuffer* repeated(GstBuffer* last, GstBuffer* input) {
  GstBuffer* output = gst_buffer_new();
  steg::copy_all_but_pixels(output, input);
  gst_buffer_copy_into(output, last, GST_BUFFER_COPY_MEMORY, 0, static_cast<gsize>(-1));
  if (GstVideoMeta* meta = gst_buffer_get_video_meta(last))
    gst_buffer_add_video_meta_full(output, meta->flags, meta->format, meta->width, meta->height, meta->n_planes,
                                   meta->offset, meta->stride);
  return output;
}

/// The output for the waiting input if it repeats the last one; else nothing, and the input still waits.
GstBuffer* repeat_last(GstBaseTransform* transform) {
  const State& state = GST_STEG_ENCODE(transform)->state;
  Running& running = *state.running;
  GstBuffer* input = transform->queued_buf;
  if (GST_BUFFER_IS_DISCONT(input)) running.forget_last();
  if (!running.last_output) return nullptr;
  const Job job = job_for(transform, input);
  if (!running.marker.repeats_last(job.request)) return nullptr;
  const GstClockTime begin = gst_util_get_timestamp();
  gststeg::Ptr<GstBuffer> output(repeated(running.last_output.get(), input));
  finish(transform, output.get(), job, Action::repeat, gst_util_get_timestamp() - begin);
  return output.release();
}

/// Behind a tee others have the waiting input, too. What depends on the picture alone is computed once for all of them,
/// and who does not have it alone in the end gets `output`, a copy that is marked as it is written.
GstFlowReturn mark_shared(GstBaseTransform* transform, GstBuffer** output) {
  Running& running = *GST_STEG_ENCODE(transform)->state.running;
  GstBuffer* input = transform->queued_buf;
  if (!running.sharer) return GST_FLOW_OK;
  running.look = steg::shared_look(*running.sharer, input, running.info);
  if (steg::has_alone(input)) return GST_FLOW_OK;
  gststeg::Ptr<GstBuffer> copy = running.copies->like(input);
  const GstFlowReturn result = mark_buffer(transform, input, copy.get());
  if (result == GST_FLOW_OK) *output = copy.release();
  return result;
}

GstFlowReturn generate_output(GstBaseTransform* transform, GstBuffer** output) {
  *output = nullptr;
  if (transform->queued_buf) {
    const GstFlowReturn result = gststeg::guarded(GST_ELEMENT(transform), GST_FLOW_ERROR, [&] {
      *output = repeat_last(transform);
      return *output ? GST_FLOW_OK : mark_shared(transform, output);
    });
    if (result != GST_FLOW_OK || *output) {
      gst_clear_buffer(&transform->queued_buf);
      return result;
    }
  }
  return GST_BASE_TRANSFORM_CLASS(gst_steg_encode_parent_class)->generate_output(transform, output);
}

void finalize(GObject* object) {
  GST_STEG_ENCODE(object)->state.~State();
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
  new (&self->state) State();
  gst_base_transform_set_in_place(GST_BASE_TRANSFORM(self), TRUE);
  gst_base_transform_set_qos_enabled(GST_BASE_TRANSFORM(self), FALSE);
}
