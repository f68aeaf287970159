// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "launcher/stream/encoder_rate.hpp"

using namespace launcher;
using gststeg::Ptr;

TEST_CASE("a bit rate that somebody sets is what is corrected from then on", "[rate]") {
  const Ptr<GstElement> pipeline(gst_parse_launch(
      "videotestsrc num-buffers=3 ! video/x-raw,width=64,height=64,framerate=25/1 ! x264enc name=enc bitrate=1000 ! "
      "fakesink",
      nullptr));
  REQUIRE(pipeline);
  RateSettings settings;
  settings.encoder = "enc";
  {
    EncoderRate rate(GST_BIN(pipeline.get()), settings);
    const Ptr<GstElement> encoder(gst_bin_get_by_name(GST_BIN(pipeline.get()), "enc"));
    const auto bitrate = [&] {
      guint value = 0;
      g_object_get(encoder.get(), "bitrate", &value, nullptr);
      return value;
    };
    // As the launcher does with what was set by HTTP when it builds the pipeline again.
    g_object_set(encoder.get(), "bitrate", 800U, nullptr);
    gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
    const Ptr<GstBus> bus(gst_element_get_bus(pipeline.get()));
    const Ptr<GstMessage> end(gst_bus_timed_pop_filtered(
        bus.get(), 60 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
    REQUIRE(end);
    REQUIRE(GST_MESSAGE_TYPE(end.get()) == GST_MESSAGE_EOS);
    CHECK(bitrate() == 800);
    rate.set_measured_rate(50);
    CHECK(bitrate() == 400);
    rate.set_measured_rate(25);
    CHECK(bitrate() == 800);
    g_object_set(encoder.get(), "bitrate", 2000U, nullptr);
    rate.set_measured_rate(50);
    CHECK(bitrate() == 1000);
    gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  }
}

namespace {

/// Runs 40 frames with that rate in their caps, of which 20 come before the measured rate is known. Returns the levels
/// in the encoder's parameter sets, in order and each once.
std::vector<int> levels(const std::string& declared, double measured, bool follow) {
  const std::string text =
      "appsrc name=in format=time caps=video/x-raw,format=I420,width=640,height=360,framerate=" + declared +
      " ! x264enc name=enc tune=zerolatency speed-preset=ultrafast ! " +
      "video/x-h264,stream-format=avc ! appsink name=out sync=false";
  const Ptr<GstElement> pipeline(gst_parse_launch(text.c_str(), nullptr));
  RateSettings settings;
  settings.encoder = "enc";
  settings.follow_level = follow;
  EncoderRate rate(GST_BIN(pipeline.get()), settings);
  const Ptr<GstElement> in(gst_bin_get_by_name(GST_BIN(pipeline.get()), "in"));
  const Ptr<GstElement> out(gst_bin_get_by_name(GST_BIN(pipeline.get()), "out"));
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  std::vector<int> found;
  for (guint64 i = 0; i < 40; ++i) {
    if (i == 20) rate.set_measured_rate(measured);
    GstBuffer* frame = gst_buffer_new_allocate(nullptr, 640 * 360 * 3 / 2, nullptr);
    gst_buffer_memset(frame, 0, 128, 640 * 360 * 3 / 2);
    GST_BUFFER_PTS(frame) = i * GST_SECOND / 30;
    gst_app_src_push_buffer(GST_APP_SRC(in.get()), frame);
    const Ptr<GstSample> sample(gst_app_sink_try_pull_sample(GST_APP_SINK(out.get()), 60 * GST_SECOND));
    REQUIRE(sample);
    GstBuffer* data = gst_value_get_buffer(
        gst_structure_get_value(gst_caps_get_structure(gst_sample_get_caps(sample.get()), 0), "codec_data"));
    guint8 level = 0;
    gst_buffer_extract(data, 3, &level, 1);
    if (found.empty() || found.back() != level) found.push_back(level);
  }
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return found;
}

}  // namespace

TEST_CASE("the level follows the measured rate", "[rate]") {
  CHECK(levels("1000/1", 30, false) == std::vector<int>{51});
  CHECK(levels("1000/1", 30, true) == std::vector<int>{30});
  CHECK(levels("1000/1", 60, true) == std::vector<int>{30, 31});
  CHECK(levels("0/1", 60, true) == std::vector<int>{30, 31});
  CHECK(levels("25/1", 60, true) == std::vector<int>{30, 31});
  CHECK(levels("60/1", 30, true) == std::vector<int>{31, 30});
  CHECK(levels("30/1", 25, true) == std::vector<int>{30});
}
