// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip.hpp"

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#include <fstream>
#include <optional>
#include <stdexcept>

#include "pipeline.hpp"
#include "plugins/common/video_frame.hpp"
#include "process.hpp"

namespace robustness {
namespace {

using gststeg::Ptr;

constexpr int kStillRate = 25;
constexpr int kUnknownRate = 30;
constexpr GstClockTime kPollInterval = 100 * GST_MSECOND;

std::string description(const Source& source, const MarkOptions& options) {
  const std::string sink = "appsink sync=false max-buffers=4 name=";
  std::string out = "filesrc location=" + quoted(source.path) + " ! decodebin ! ";
  if (source.still) out += "imagefreeze ! video/x-raw,framerate=" + std::to_string(kStillRate) + "/1 ! ";
  if (source.lines > 0)
    out +=
        "videoconvert ! videoscale ! video/x-raw,pixel-aspect-ratio=1/1,height=" + std::to_string(source.lines) + " ! ";
  out += "videoconvert ! video/x-raw,format=I420 ! tee name=t ! queue ! " + sink +
         "original t. ! queue max-size-bytes=0 max-size-time=0 max-size-buffers=30 ! ";
  if (source.still || options.framediff) out += "framediff ! ";
  out += "stegencode id=" + quoted(options.id) + " strength=" + std::to_string(options.strength) +
         " residual-interval=" + std::to_string(options.residual_interval);
  if (!options.model.empty()) out += " model=" + quoted(options.model);
  return out + " ! " + sink + "marked";
}

/// One of the pipeline's ends: frames, and before which of them a key frame was asked for.
class FrameSink {
 public:
  FrameSink(const Pipeline& pipeline, const char* name)
      : pipeline_(pipeline), element_(pipeline.element(name)), sink_(GST_APP_SINK(element_.get())) {}

  /// Nothing at the end of the stream.
  Ptr<GstSample> next() {
    key_frame_asked_ = false;
    for (;;) {
      const Ptr<GstMiniObject> object(gst_app_sink_try_pull_object(sink_, kPollInterval));
      if (!object) {
        pipeline_.check();
        if (gst_app_sink_is_eos(sink_)) return nullptr;
      } else if (GST_IS_SAMPLE(object.get())) {
        return Ptr<GstSample>(gst_sample_ref(GST_SAMPLE(object.get())));
      } else if (GST_IS_EVENT(object.get())) {
        if (gst_video_event_is_force_key_unit(GST_EVENT(object.get()))) key_frame_asked_ = true;
      }
    }
  }
  bool key_frame_asked() const { return key_frame_asked_; }

 private:
  const Pipeline& pipeline_;
  Ptr<GstElement> element_;
  GstAppSink* sink_;
  bool key_frame_asked_ = false;
};

GstVideoInfo info_of(GstSample* sample) {
  GstVideoInfo info;
  if (!gst_video_info_from_caps(&info, gst_sample_get_caps(sample)))
    throw std::runtime_error("a decoded frame has no video caps");
  return info;
}

class MappedFrame {
 public:
  explicit MappedFrame(GstSample* sample) : frame_(info_of(sample), gst_sample_get_buffer(sample), GST_MAP_READ) {
    if (!frame_) throw std::runtime_error("a decoded frame cannot be mapped");
  }
  Luma luma() const { return {frame_.luma(), frame_.stride(), frame_.width(), frame_.height()}; }
  const GstVideoFrame& mapped() const { return frame_.mapped(); }

 private:
  gststeg::VideoFrame frame_;
};

/// YUV4MPEG2, 4:2:0.
class Y4mFile {
 public:
  Y4mFile(const std::filesystem::path& path, const Clip& clip) : path_(path), file_(path, std::ios::binary) {
    file_ << "YUV4MPEG2 W" << clip.width << " H" << clip.height << " F" << clip.rate_numerator << ':'
          << clip.rate_denominator << " Ip A1:1 C420jpeg\n";
  }
  void write(const GstVideoFrame& frame) {
    file_ << "FRAME\n";
    for (guint plane = 0; plane < GST_VIDEO_FRAME_N_PLANES(&frame); ++plane) {
      const auto* row = static_cast<const char*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, plane));
      for (int y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT(&frame, plane);
           ++y, row += GST_VIDEO_FRAME_PLANE_STRIDE(&frame, plane))
        file_.write(row, GST_VIDEO_FRAME_COMP_WIDTH(&frame, plane));
    }
    if (!file_) throw std::runtime_error("cannot write " + path_.string() + ": is there room?");
  }

 private:
  std::filesystem::path path_;
  std::ofstream file_;
};

const char* matrix_of(const GstVideoInfo& info) {
  switch (GST_VIDEO_INFO_COLORIMETRY(&info).matrix) {
    case GST_VIDEO_COLOR_MATRIX_BT709:
      return "bt709";
    case GST_VIDEO_COLOR_MATRIX_BT2020:
      return "bt2020";
    case GST_VIDEO_COLOR_MATRIX_FCC:
      return "fcc";
    case GST_VIDEO_COLOR_MATRIX_SMPTE240M:
      return "smpte240m";
    default:
      return "bt601";
  }
}

void describe(Clip& clip, GstSample* sample) {
  const GstVideoInfo info = info_of(sample);
  clip.width = GST_VIDEO_INFO_WIDTH(&info);
  clip.height = GST_VIDEO_INFO_HEIGHT(&info);
  clip.matrix = matrix_of(info);
  clip.full_range = GST_VIDEO_INFO_COLORIMETRY(&info).range == GST_VIDEO_COLOR_RANGE_0_255;
  clip.rate_numerator = GST_VIDEO_INFO_FPS_N(&info);
  clip.rate_denominator = GST_VIDEO_INFO_FPS_D(&info);
  if (clip.rate_numerator <= 0) {
    clip.rate_numerator = kUnknownRate;
    clip.rate_denominator = 1;
  }
}

}  // namespace

Clip mark(const Source& source, const MarkOptions& options, const std::filesystem::path& folder, const Watch& watch) {
  Clip clip;
  clip.source = source;
  clip.original = folder / "original.y4m";
  clip.marked = folder / "marked.y4m";
  const Pipeline pipeline(description(source, options));
  FrameSink originals(pipeline, "original");
  FrameSink marks(pipeline, "marked");
  std::optional<Y4mFile> original_file;
  std::optional<Y4mFile> marked_file;
  pipeline.play();
  for (;;) {
    const Ptr<GstSample> original = originals.next();
    const Ptr<GstSample> marked = marks.next();
    if (!original || !marked) break;
    if (clip.frames == 0) {
      describe(clip, original.get());
      original_file.emplace(clip.original, clip);
      marked_file.emplace(clip.marked, clip);
    }
    if (clip.frames >= options.seconds * clip.rate()) break;
    const MappedFrame before(original.get());
    const MappedFrame after(marked.get());
    if (before.luma().width != clip.width || before.luma().height != clip.height)
      throw std::runtime_error("the picture's size changes within the clip");
    original_file->write(before.mapped());
    marked_file->write(after.mapped());
    if (marks.key_frame_asked()) clip.key_frames.push_back(clip.frames);
    watch(clip, clip.frames, before.luma(), after.luma());
    ++clip.frames;
  }
  if (clip.frames == 0) throw std::runtime_error("there is no video in it");
  return clip;
}

}  // namespace robustness
