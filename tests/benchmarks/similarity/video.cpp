// SPDX-License-Identifier: LGPL-2.1-or-later
#include "video.hpp"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include <cstring>
#include <stdexcept>
#include <thread>

#include "plugins/common/gst_ptr.hpp"
#include "plugins/common/video_frame.hpp"

namespace similarity {
namespace {

using gststeg::Ptr;

/// A running pipeline; stopped when it goes out of scope.
class Pipeline {
 public:
  explicit Pipeline(const std::string& description) {
    GError* raw_error = nullptr;
    pipeline_.reset(gst_parse_launch(description.c_str(), &raw_error));
    const Ptr<GError> error(raw_error);
    if (error) throw std::runtime_error(error->message);
  }
  ~Pipeline() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  Ptr<GstElement> element(const char* name) const {
    return Ptr<GstElement>(gst_bin_get_by_name(GST_BIN(pipeline_.get()), name));
  }
  void play() { gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING); }
  /// Throws if an element reported an error.
  void check() const {
    const Ptr<GstBus> bus(gst_element_get_bus(pipeline_.get()));
    const Ptr<GstMessage> message(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR));
    if (!message) return;
    GError* raw_error = nullptr;
    gst_message_parse_error(message.get(), &raw_error, nullptr);
    const Ptr<GError> error(raw_error);
    throw std::runtime_error(error->message);
  }

 private:
  Ptr<GstElement> pipeline_;
};

template <class Take>
void pull_all(GstAppSink* sink, Take&& take) {
  while (const Ptr<GstSample> sample{gst_app_sink_pull_sample(sink)}) {
    GstVideoInfo info;
    gst_video_info_from_caps(&info, gst_sample_get_caps(sample.get()));
    const gststeg::VideoFrame frame(info, gst_sample_get_buffer(sample.get()), GST_MAP_READ);
    if (!frame) throw std::runtime_error("a decoded frame cannot be read");
    if (!take(framediff::LumaPlane{frame.luma(), frame.stride(), frame.width(), frame.height()})) return;
  }
}

/// An I420 buffer of frame number `index`, without colour.
GstBuffer* make_buffer(const pictures::Picture& picture, int index) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, GST_VIDEO_FORMAT_I420, static_cast<guint>(picture.width),
                            static_cast<guint>(picture.height));
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&info), nullptr);
  gst_buffer_memset(buffer, 0, 128, GST_VIDEO_INFO_SIZE(&info));
  gststeg::VideoFrame frame(info, buffer, GST_MAP_WRITE);
  for (int y = 0; y < picture.height; ++y)
    std::memcpy(frame.luma() + y * frame.stride(), picture.plane().data + y * picture.width,
                static_cast<std::size_t>(picture.width));
  GST_BUFFER_PTS(buffer) = gst_util_uint64_scale_int(GST_SECOND, index, 30);
  GST_BUFFER_DURATION(buffer) = GST_SECOND / 30;
  return buffer;
}

}  // namespace

void through_x264(int width, int height, int frames, const Quality& quality, const Source& source, const Sink& sink) {
  // Without vbv-buf-capacity=0 x264enc holds constant quality below its default bit rate.
  const std::string rate = quality.kbit > 0 ? "pass=cbr bitrate=" + std::to_string(quality.kbit)
                                            : "pass=qual vbv-buf-capacity=0 quantizer=" + std::to_string(quality.crf);
  Pipeline pipeline(
      "appsrc name=in format=time block=true max-bytes=0 max-buffers=8 "
      "caps=video/x-raw,format=I420,framerate=30/1,width=" +
      std::to_string(width) + ",height=" + std::to_string(height) +
      " ! x264enc speed-preset=veryfast tune=zerolatency bframes=0 threads=1 key-int-max=30 " + rate +
      " ! h264parse ! avdec_h264 max-threads=1 ! video/x-raw,format=I420 ! appsink name=out sync=false max-buffers=8");
  const Ptr<GstElement> in = pipeline.element("in");
  const Ptr<GstElement> out = pipeline.element("out");
  pipeline.play();
  std::thread feeder([&] {
    for (int i = 0; i < frames; ++i)
      if (gst_app_src_push_buffer(GST_APP_SRC(in.get()), make_buffer(source(i), i)) != GST_FLOW_OK) return;
    gst_app_src_end_of_stream(GST_APP_SRC(in.get()));
  });
  int received = 0;
  pull_all(GST_APP_SINK(out.get()), [&](const framediff::LumaPlane& plane) {
    sink(received++, plane);
    return true;
  });
  feeder.join();
  pipeline.check();
  if (received != frames) throw std::runtime_error("x264 and its decoder lost frames");
}

std::vector<pictures::Picture> read_clip(const std::string& path, int limit) {
  Pipeline pipeline(
      "filesrc name=file ! decodebin ! videoconvert ! video/x-raw,format=I420 ! appsink name=out sync=false "
      "max-buffers=8");
  g_object_set(pipeline.element("file").get(), "location", path.c_str(), nullptr);
  const Ptr<GstElement> out = pipeline.element("out");
  pipeline.play();
  std::vector<pictures::Picture> result;
  pull_all(GST_APP_SINK(out.get()), [&](const framediff::LumaPlane& plane) {
    // x264 takes even sizes only.
    pictures::Picture picture(plane.width & ~1, plane.height & ~1, 0);
    for (int y = 0; y < picture.height; ++y)
      std::memcpy(&picture.at(0, y), plane.data + y * plane.stride, static_cast<std::size_t>(picture.width));
    result.push_back(std::move(picture));
    return static_cast<int>(result.size()) < limit;
  });
  pipeline.check();
  return result;
}

}  // namespace similarity
