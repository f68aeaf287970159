// framediff as a member of a stream: what makes it start afresh, latency, QoS, allocation, properties.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "framediff_harness.hpp"

using namespace testing;
using pictures::Picture;

TEST_CASE("after an interruption the next frame is fresh") {
  Framediff framediff;
  const Picture grey(64, 48, 90);
  framediff.judge(grey, 0);
  REQUIRE(framediff.judge(grey, 1).duplicate);
  SECTION("caps") {
    framediff.set_caps(caps_of("I420", 64, 48, "30/1"));
    CHECK(framediff.judge(grey, 2).score == -1.0);
  }
  SECTION("size") {
    framediff.set_caps(caps_of("I420", 32, 48));
    CHECK_FALSE(framediff.judge(Picture(32, 48, 90), 2).duplicate);
    CHECK(framediff.judge(Picture(32, 48, 90), 3).duplicate);
  }
  SECTION("discontinuity") {
    Ptr<GstBuffer> buffer = make_buffer("I420", grey, 2);
    GST_BUFFER_FLAG_SET(buffer.get(), GST_BUFFER_FLAG_DISCONT);
    REQUIRE(framediff.push(std::move(buffer)) == GST_FLOW_OK);
    CHECK_FALSE(meta_of(framediff.pull().get())->duplicate);
  }
  SECTION("segment") {
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    segment.base = GST_SECOND;
    REQUIRE(gst_harness_push_event(framediff.harness(), gst_event_new_segment(&segment)));
    CHECK_FALSE(framediff.judge(grey, 2).duplicate);
  }
  SECTION("flush") {
    REQUIRE(gst_harness_push_event(framediff.harness(), gst_event_new_flush_start()));
    REQUIRE(gst_harness_push_event(framediff.harness(), gst_event_new_flush_stop(FALSE)));
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    REQUIRE(gst_harness_push_event(framediff.harness(), gst_event_new_segment(&segment)));
    CHECK_FALSE(framediff.judge(grey, 2).duplicate);
  }
  SECTION("stop; the numbering goes on") {
    framediff.restart();
    const Meta meta = framediff.judge(grey, 2);
    CHECK_FALSE(meta.duplicate);
    CHECK(meta.sequence == 3);
  }
}

TEST_CASE("properties are readable and keep their values through NULL") {
  Framediff framediff("method=ssim threshold=0.25 max-hold=123 drop-duplicates=true");
  for (const GstState state : {GST_STATE_PLAYING, GST_STATE_NULL, GST_STATE_PLAYING}) {
    gst_element_set_state(framediff.element(), state);
    gint method = 0;
    gdouble threshold = 0;
    guint64 max_hold = 0;
    gboolean drop = FALSE;
    gboolean qos = TRUE;
    g_object_get(framediff.element(), "method", &method, "threshold", &threshold, "max-hold", &max_hold,
                 "drop-duplicates", &drop, "qos", &qos, nullptr);
    CHECK(method == 1);
    CHECK(threshold == 0.25);
    CHECK(max_hold == 123);
    CHECK(drop);
    CHECK_FALSE(qos);
  }
}

TEST_CASE("defaults") {
  Framediff framediff;
  gint method = -1;
  gdouble threshold = 0;
  guint64 max_hold = 0;
  g_object_get(framediff.element(), "method", &method, "threshold", &threshold, "max-hold", &max_hold, nullptr);
  CHECK(method == 0);
  CHECK(threshold == -1.0);
  CHECK(max_hold == GST_SECOND);
}

TEST_CASE("threshold and max-hold hold from the next frame on") {
  Framediff framediff;
  framediff.judge(Picture(64, 48, 90), 0);
  CHECK_FALSE(framediff.judge(Picture(64, 48, 110), 1).duplicate);
  g_object_set(framediff.element(), "threshold", 30.0, nullptr);
  CHECK(framediff.judge(Picture(64, 48, 90), 2).duplicate);
  g_object_set(framediff.element(), "max-hold", 3 * kFrame, nullptr);
  CHECK(framediff.judge(Picture(64, 48, 90), 3).duplicate);
  const Meta held = framediff.judge(Picture(64, 48, 90), 4);
  CHECK_FALSE(held.duplicate);
  CHECK(held.score == 20.0);
  CHECK(held.reference == held.sequence);
}

TEST_CASE("max-hold works without timestamps") {
  Framediff framediff("max-hold=120000000");
  std::vector<bool> duplicates;
  for (int i = 0; i < 7; ++i) {
    Ptr<GstBuffer> buffer = make_buffer("I420", Picture(64, 48, 90), 0);
    GST_BUFFER_PTS(buffer.get()) = GST_CLOCK_TIME_NONE;
    GST_BUFFER_DURATION(buffer.get()) = GST_CLOCK_TIME_NONE;
    REQUIRE(framediff.push(std::move(buffer)) == GST_FLOW_OK);
    duplicates.push_back(meta_of(framediff.pull().get())->duplicate);
  }
  CHECK(duplicates == std::vector<bool>{false, true, true, false, true, true, false});
}

TEST_CASE("a method set while playing takes effect at the next start") {
  Framediff framediff;
  framediff.judge(Picture(64, 48, 90), 0);
  g_object_set(framediff.element(), "method", 2, nullptr);
  CHECK(framediff.judge(Picture(64, 48, 120), 1).score == 30.0);
  framediff.restart();
  framediff.judge(Picture(64, 48, 90), 2);
  CHECK(framediff.judge(Picture(64, 48, 120), 3).score == 0.0);  // equal hashes
}

TEST_CASE("latency is what upstream has") {
  Framediff framediff;
  framediff.judge(Picture(64, 48, 90), 0);
  CHECK(gst_harness_query_latency(framediff.harness()) == 0);
  gst_harness_set_upstream_latency(framediff.harness(), 20 * GST_MSECOND);
  CHECK(gst_harness_query_latency(framediff.harness()) == 20 * GST_MSECOND);
}

TEST_CASE("frames are not dropped when downstream is late") {
  Framediff framediff;
  framediff.judge(Picture(64, 48, 90), 0);
  gst_harness_push_upstream_event(framediff.harness(),
                                  gst_event_new_qos(GST_QOS_TYPE_UNDERFLOW, 5.0, GST_SECOND, 10 * kFrame));
  for (guint64 i = 1; i < 10; ++i) framediff.judge(Picture(64, 48, 90), i);
}

TEST_CASE("what downstream proposes for buffers reaches upstream") {
  Framediff framediff;
  gst_harness_add_propose_allocation_meta(framediff.harness(), GST_VIDEO_META_API_TYPE, nullptr);
  framediff.judge(Picture(64, 48, 90), 0);
  const Ptr<GstCaps> caps(gst_caps_from_string(caps_of("I420", 64, 48).c_str()));
  GstQuery* query = gst_query_new_allocation(caps.get(), TRUE);
  CHECK(gst_pad_peer_query(framediff.harness()->srcpad, query));
  CHECK(gst_query_find_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr));
  gst_query_unref(query);
}
