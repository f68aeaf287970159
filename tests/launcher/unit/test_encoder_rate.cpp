// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

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
