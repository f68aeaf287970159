// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_marking.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "frame_picture.hpp"
#include "mark_notices.hpp"
#include "plugins/common/gststegmeta.h"
#include "plugins/common/video_frame.hpp"
#include "plugins/steg/watermark/segment_mark.hpp"

namespace steg {
namespace {

std::optional<Likeness> likeness_of(GstBuffer* buffer) {
  const GstStructure* fields = gst_steg_meta_get(buffer, GST_FRAME_DIFFERENCE_META_NAME);
  gboolean duplicate = FALSE;
  guint64 reference = 0;
  if (!fields || !gst_structure_get_boolean(fields, "duplicate", &duplicate) ||
      !gst_structure_get_uint64(fields, "reference", &reference))
    return std::nullopt;
  return Likeness{duplicate != FALSE, reference};
}

void count(EncodeState& state, Action action, const std::string& name, int epoch, GstClockTime took) {
  const std::lock_guard<std::mutex> lock(state.lock);
  EncodeStats& stats = state.stats;
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
  MarkRequest request;
  guint64 epoch_period;
  guint64 verify_interval;
  GstClockTime running_time;
};

Job job_for(GstBaseTransform* transform, EncodeState& state, GstBuffer* buffer) {
  EncodeRun& run = *state.running;
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
  if (run.segments) {
    if (timed) run.position = run.segments->plan().position_at(job.running_time + half);
    run.epoch = run.segments->epoch(run.position);
    job.request.patterns = run.segments->at(run.position);
  } else {
    if (timed || !run.epochs.started()) {
      const GstClockTime time = timed ? job.running_time : 0;
      if (!run.epochs.started()) {
        const guint64 now = static_cast<guint64>(g_get_real_time()) * GST_USECOND;
        run.epochs.start(origin != G_MAXUINT64 ? origin : run.epochs.default_origin(now, time));
      }
      run.epoch = run.epochs.at(time + half, job.epoch_period);
    }
    job.request.patterns = state.id.current(run.epoch);
  }
  job.request.epoch = run.epoch;
  job.request.likeness = likeness_of(buffer);
  return job;
}

/// `marked` has its pixels: reads them back if it is time to, attaches the meta, counts, announces.
void finish(GstBaseTransform* transform, EncodeState& state, GstBuffer* marked, const Job& job, Action action,
            GstClockTime took) {
  EncodeRun& run = *state.running;
  const std::string& id = job.request.patterns->id();
  const int epoch = job.request.epoch;
  if (run.verification && job.verify_interval > 0) {
    if (const gststeg::VideoFrame frame(run.info, marked, GST_MAP_READ); frame)
      run.verification->offer(picture_of(frame), id, epoch, job.running_time, job.verify_interval);
  }
  const std::string name = name_of_payload(id);
  attach_mark_meta(marked, run, name, epoch, action);
  count(state, action, name, epoch, took);
  if (run.applied_id != id || run.applied_epoch != epoch) {
    announce(transform, run, marked, job.running_time, id, epoch);
    if (run.segments) {
      const std::uint32_t next = run.position + 1;
      run.prefetcher.request(run.segments->at(next), run.segments->epoch(next));
    } else if (job.epoch_period > 0) {
      run.prefetcher.request(job.request.patterns, run.epochs.next(epoch, job.epoch_period));
    }
  }
}

/// The memory of `last` with the time stamps, flags and metas of `input`.
GstBuffer* repeated(GstBuffer* last, GstBuffer* input) {
  GstBuffer* output = gst_buffer_new();
  copy_all_but_pixels(output, input);
  gst_buffer_copy_into(output, last, GST_BUFFER_COPY_MEMORY, 0, static_cast<gsize>(-1));
  if (GstVideoMeta* meta = gst_buffer_get_video_meta(last))
    gst_buffer_add_video_meta_full(output, meta->flags, meta->format, meta->width, meta->height, meta->n_planes,
                                   meta->offset, meta->stride);
  return output;
}

}  // namespace

GstFlowReturn mark_buffer(GstBaseTransform* transform, EncodeState& state, GstBuffer* input, GstBuffer* output) {
  EncodeRun& run = *state.running;
  const Job job = job_for(transform, state, input);
  const GstClockTime begin = gst_util_get_timestamp();
  Action action = Action::encode;
  run.last_output.reset();
  const std::shared_ptr<PictureLook> look = std::move(run.look);
  {
    if (!has_size_of(input, run.info)) return refuse_buffer(transform, input);
    gststeg::VideoFrame target(run.info, output, input == output ? GST_MAP_READWRITE : GST_MAP_WRITE);
    if (!target) return refuse_buffer(transform, input);
    std::optional<gststeg::VideoFrame> source;
    if (input != output && !source.emplace(run.info, input, GST_MAP_READ)) return refuse_buffer(transform, input);
    const WritablePicture to = picture_of(target);
    const PictureView from = source ? picture_of(std::as_const(*source)) : to;
    action = run.marker.mark(from, to, job.request, look.get());
  }
  finish(transform, state, output, job, action, gst_util_get_timestamp() - begin);
  if (job.request.likeness && job.request.on_duplicate == OnDuplicate::repeat)
    run.last_output.reset(gst_buffer_ref(output));
  return GST_FLOW_OK;
}

GstBuffer* repeat_last(GstBaseTransform* transform, EncodeState& state) {
  EncodeRun& run = *state.running;
  GstBuffer* input = transform->queued_buf;
  if (GST_BUFFER_IS_DISCONT(input)) run.forget_last();
  if (!run.last_output) return nullptr;
  const Job job = job_for(transform, state, input);
  if (!run.marker.repeats_last(job.request)) return nullptr;
  const GstClockTime begin = gst_util_get_timestamp();
  gststeg::Ptr<GstBuffer> output(repeated(run.last_output.get(), input));
  finish(transform, state, output.get(), job, Action::repeat, gst_util_get_timestamp() - begin);
  return output.release();
}

GstFlowReturn mark_shared(GstBaseTransform* transform, EncodeState& state, GstBuffer** output) {
  EncodeRun& run = *state.running;
  GstBuffer* input = transform->queued_buf;
  if (!run.sharer) return GST_FLOW_OK;
  run.look = shared_look(*run.sharer, input, run.info);
  if (has_alone(input)) return GST_FLOW_OK;
  gststeg::Ptr<GstBuffer> copy = run.copies->like(input);
  const GstFlowReturn result = mark_buffer(transform, state, input, copy.get());
  if (result == GST_FLOW_OK) *output = copy.release();
  return result;
}

}  // namespace steg
