// Delay from glass to glass with a clock in the picture: publishes frames that show the time when they were made,
// watches one or more addresses where they come out, and reads the clock there.
//   bench-delay --size WIDTHxHEIGHT --seconds N --publish URL NAME=URL...
// Prints a table of milliseconds and a line of JSON. measure.sh runs it with real servers and steg-launch.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/gst.h>
#include <gst/video/video.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "plugins/common/gst_ptr.hpp"

namespace {

using gststeg::Ptr;

constexpr int kBits = 24;
constexpr int kRate = 30;

std::uint32_t now_milliseconds() {
  return static_cast<std::uint32_t>(g_get_monotonic_time() / 1000) & ((1U << kBits) - 1);
}

/// One square for each bit, in the top row of the picture, which no codec at these rates blurs away.
int square(const GstVideoFrame& frame) { return GST_VIDEO_FRAME_WIDTH(&frame) / (kBits + 2); }

void paint(GstVideoFrame& frame, std::uint32_t code) {
  const int side = square(frame);
  auto* luma = static_cast<guint8*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, 0));
  for (int y = 0; y < side; ++y) {
    guint8* row = luma + static_cast<std::ptrdiff_t>(y) * GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0);
    for (int x = 0; x < side * kBits; ++x) row[x] = (code >> (x / side) & 1) != 0 ? 235 : 16;
  }
}

std::uint32_t read(const GstVideoFrame& frame) {
  const int side = square(frame);
  const auto* luma = static_cast<const guint8*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, 0));
  const guint8* row = luma + static_cast<std::ptrdiff_t>(side / 2) * GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0);
  std::uint32_t code = 0;
  for (int bit = 0; bit < kBits; ++bit) {
    if (row[bit * side + side / 2] > 125) code |= 1U << bit;
  }
  return code;
}

bool map_frame(GstPad* pad, GstBuffer* buffer, GstMapFlags flags, GstVideoFrame& frame) {
  const Ptr<GstCaps> caps(gst_pad_get_current_caps(pad));
  GstVideoInfo info;
  return caps && gst_video_info_from_caps(&info, caps.get()) && gst_video_frame_map(&frame, &info, buffer, flags);
}

GstPadProbeReturn on_made(GstPad* pad, GstPadProbeInfo* info, gpointer) {
  GstBuffer* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  GST_PAD_PROBE_INFO_DATA(info) = buffer;
  GstVideoFrame frame;
  if (map_frame(pad, buffer, GST_MAP_READWRITE, frame)) {
    paint(frame, now_milliseconds());
    gst_video_frame_unmap(&frame);
  }
  return GST_PAD_PROBE_OK;
}

struct Watch {
  std::string name;
  Ptr<GstElement> pipeline;
  std::mutex mutex;  ///< guards the delays, in milliseconds
  std::vector<std::uint32_t> delays;
};

GstPadProbeReturn on_seen(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  auto* watch = static_cast<Watch*>(data);
  GstVideoFrame frame;
  if (map_frame(pad, GST_PAD_PROBE_INFO_BUFFER(info), GST_MAP_READ, frame)) {
    const std::uint32_t delay = (now_milliseconds() - read(frame)) & ((1U << kBits) - 1);
    gst_video_frame_unmap(&frame);
    const std::lock_guard<std::mutex> lock(watch->mutex);
    watch->delays.push_back(delay);
  }
  return GST_PAD_PROBE_OK;
}

/// Starts the pipeline, in which the probe sits on the sink pad of the element called `probed`.
Ptr<GstElement> start(const std::string& line, const char* probed, GstPadProbeCallback probe, gpointer data) {
  GError* raw_error = nullptr;
  Ptr<GstElement> pipeline(gst_parse_launch(line.c_str(), &raw_error));
  const Ptr<GError> error(raw_error);
  if (!pipeline || error) {
    std::fprintf(stderr, "bench-delay: %s\n", error ? error->message : "no pipeline");
    std::exit(1);
  }
  const Ptr<GstElement> element(gst_bin_get_by_name(GST_BIN(pipeline.get()), probed));
  const Ptr<GstPad> pad(gst_element_get_static_pad(element.get(), "sink"));
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, probe, data, nullptr);
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  return pipeline;
}

std::uint32_t percentile(const std::vector<std::uint32_t>& sorted, double share) {
  return sorted.empty() ? 0 : sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  int width = 1280;
  int height = 720;
  unsigned seconds = 20;
  std::string publish;
  std::vector<std::pair<std::string, std::string>> addresses;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const std::size_t equals = argument.find('=');
    if (argument == "--size" && i + 1 < argc) {
      if (std::sscanf(argv[++i], "%dx%d", &width, &height) != 2) return 2;  // NOLINT(cert-err34-c)
    } else if (argument == "--seconds" && i + 1 < argc) {
      seconds = static_cast<unsigned>(std::stoul(argv[++i]));
    } else if (argument == "--publish" && i + 1 < argc) {
      publish = argv[++i];
    } else if (equals != std::string::npos) {
      addresses.emplace_back(argument.substr(0, equals), argument.substr(equals + 1));
    } else {
      return 2;
    }
  }
  const std::string size = "width=" + std::to_string(width) + ",height=" + std::to_string(height);
  const Ptr<GstElement> publisher = start(
      "videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,framerate=" + std::to_string(kRate) + "/1," +
          size +
          " ! identity name=paint ! x264enc tune=zerolatency speed-preset=ultrafast bitrate=4000 key-int-max=30 ! "
          "video/x-h264,profile=baseline ! h264parse ! mux.video "
          "audiotestsrc is-live=true wave=ticks ! audio/x-raw,rate=44100 ! voaacenc ! aacparse ! queue ! mux.audio "
          "flvmux name=mux streamable=true ! rtmp2sink sync=false location=" +
          publish,
      "paint", on_made, nullptr);
  // Until steg-launch has found the stream and encodes it.
  g_usleep(8 * G_USEC_PER_SEC);
  std::vector<std::unique_ptr<Watch>> watches;
  for (const auto& [name, address] : addresses) {
    watches.push_back(std::make_unique<Watch>());
    watches.back()->name = name;
    watches.back()->pipeline = start("rtmp2src location=" + address +
                                         " ! flvdemux name=demux demux.video ! queue ! h264parse ! avdec_h264 "
                                         "max-threads=1 ! fakesink name=see sync=false",
                                     "see", on_seen, watches.back().get());
  }
  // What a server kept for those who join is not live.
  g_usleep(5 * G_USEC_PER_SEC);
  for (const auto& watch : watches) {
    const std::lock_guard<std::mutex> lock(watch->mutex);
    watch->delays.clear();
  }
  g_usleep(seconds * G_USEC_PER_SEC);
  std::printf("%-10s %8s %8s %8s %8s %8s\n", "where", "frames", "median", "p90", "p99", "most");
  std::string json = "{\"size\": \"" + std::to_string(width) + "x" + std::to_string(height) + "\"";
  for (const auto& watch : watches) {
    gst_element_set_state(watch->pipeline.get(), GST_STATE_NULL);
    std::vector<std::uint32_t>& delays = watch->delays;
    std::sort(delays.begin(), delays.end());
    const std::uint32_t figures[] = {percentile(delays, 0.5), percentile(delays, 0.9), percentile(delays, 0.99),
                                     percentile(delays, 1)};
    std::printf("%-10s %8zu %8u %8u %8u %8u\n", watch->name.c_str(), delays.size(), figures[0], figures[1], figures[2],
                figures[3]);
    json += ", \"" + watch->name + "\": {\"frames\": " + std::to_string(delays.size()) +
            ", \"median_ms\": " + std::to_string(figures[0]) + ", \"p90_ms\": " + std::to_string(figures[1]) +
            ", \"p99_ms\": " + std::to_string(figures[2]) + ", \"max_ms\": " + std::to_string(figures[3]) + "}";
  }
  gst_element_set_state(publisher.get(), GST_STATE_NULL);
  std::printf("%s}\n", json.c_str());
  return 0;
}
