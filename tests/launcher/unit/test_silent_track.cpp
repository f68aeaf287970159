// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/gst.h>

#include <catch2/catch.hpp>
#include <string>

#include "launcher/stream/silent_track.hpp"
#include "plugins/common/gst_ptr.hpp"

using gststeg::Ptr;

TEST_CASE("data of which no sound comes are an error, and the muxer does not see the end") {
  const double lost = GENERATE(0.0, 1.0);
  const Ptr<GstElement> pipeline(GST_ELEMENT(gst_object_ref_sink(gst_parse_launch(
      "audiotestsrc num-buffers=3 name=source ! identity name=head ! identity name=tail ! fakesink", nullptr))));
  const Ptr<GstElement> source(gst_bin_get_by_name(GST_BIN(pipeline.get()), "source"));
  const Ptr<GstElement> head(gst_bin_get_by_name(GST_BIN(pipeline.get()), "head"));
  const Ptr<GstElement> tail(gst_bin_get_by_name(GST_BIN(pipeline.get()), "tail"));
  g_object_set(tail.get(), "drop-probability", lost, nullptr);
  const Ptr<GstPad> from(gst_element_get_static_pad(head.get(), "sink"));
  const Ptr<GstPad> into(gst_element_get_static_pad(tail.get(), "src"));
  launcher::watch_silence(source.get(), from.get(), into.get(), "track 2 ");

  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  const Ptr<GstBus> bus(gst_element_get_bus(pipeline.get()));
  constexpr int kKinds = GST_MESSAGE_ERROR | GST_MESSAGE_EOS;
  const Ptr<GstMessage> message(
      gst_bus_timed_pop_filtered(bus.get(), 30 * GST_SECOND, static_cast<GstMessageType>(kKinds)));
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  REQUIRE(message);
  if (lost == 0.0) {
    CHECK(GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS);
  } else {
    REQUIRE(GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_ERROR);
    GError* raw = nullptr;
    gst_message_parse_error(message.get(), &raw, nullptr);
    const Ptr<GError> error(raw);
    CHECK_THAT(error->message, Catch::StartsWith("track 2 gives no sound: convert it first"));
  }
}
