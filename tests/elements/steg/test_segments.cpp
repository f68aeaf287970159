// stegencode marks segments of a stream in variants instead of an ID.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "fake_model.hpp"
#include "plugins/steg/watermark/chip_format.hpp"
#include "steg_harness.hpp"

using testing::Element;
using testing::make_frame;
using testing::mark_of;
using testing::Ptr;
using testing::read_id;
using testing::test_key;

namespace {

/// Five frames a segment.
constexpr char kShort[] = "segment-duration=200000000";

struct Segment {
  guint position = 0;
  gint variant = -1;
  guint64 running_time = 0;
  guint epoch = 0;
};

/// Of the next message that is waiting.
Segment segment_of(Element& encode) {
  const Ptr<GstMessage> message = encode.message(GST_MESSAGE_ELEMENT, "steg-segment");
  REQUIRE(message);
  Segment segment;
  REQUIRE(gst_structure_get(gst_message_get_structure(message.get()), "position", G_TYPE_UINT, &segment.position,
                            "variant", G_TYPE_INT, &segment.variant, "running-time", G_TYPE_UINT64,
                            &segment.running_time, "epoch", G_TYPE_UINT, &segment.epoch, nullptr));
  return segment;
}

}  // namespace

TEST_CASE("every frame carries its segment's position and the variant") {
  Element encode("stegencode", std::string(kShort) + " variant=1");
  for (int i = 0; i < 17; ++i) {
    const Ptr<GstBuffer> marked = encode.pass(make_frame(i));
    const std::string name = "segment " + std::to_string(i / 5) + " b";
    CHECK(read_id(marked.get(), test_key()) == name);
    CHECK(mark_of(marked.get())->id == name);
    CHECK(mark_of(marked.get())->epoch == static_cast<guint>(i / 5));
  }
  // One for each segment but the first, with which an encoder begins anyway.
  CHECK(encode.record().count("force-key-unit") == 3);
  const std::vector<std::string> all = encode.record().all();
  int frame = 0;
  for (const std::string& what : all) {
    if (what == "force-key-unit") CHECK(frame % 5 == 0);
    if (what == "buffer") ++frame;
  }
  for (guint i = 0; i < 4; ++i) {
    const Segment segment = segment_of(encode);
    CHECK(segment.position == i);
    CHECK(segment.variant == 1);
    CHECK(segment.epoch == i);
    CHECK(segment.running_time == i * 200 * GST_MSECOND);
  }
  CHECK(gst_structure_get_string(encode.stats().get(), "id-applied") == std::string("segment 3 b"));
}

TEST_CASE("a segment begins at the frame that is nearest to its time") {
  Element encode("stegencode", kShort);
  for (int i = 0; i < 12; ++i) {
    Ptr<GstBuffer> frame = make_frame(i);
    // As time stamps in milliseconds have it, and the worst that rounding may do.
    if (i > 0) GST_BUFFER_PTS(frame.get()) -= GST_MSECOND;
    CHECK(mark_of(encode.pass(std::move(frame)).get())->epoch == static_cast<guint>(i / 5));
  }
}

TEST_CASE("positions begin where they are told to, and come round") {
  Element encode("stegencode", std::string(kShort) + " first-position=4294967294 variant=3");
  for (int i = 0; i < 20; ++i) encode.pass(make_frame(i));
  for (const guint position : {4294967294U, 4294967295U, 0U, 1U}) {
    const Segment segment = segment_of(encode);
    CHECK(segment.position == position);
    CHECK(segment.variant == 3);
    CHECK(segment.epoch == position % steg::kEpochs);
  }
  const testing::TemporaryFile day(fake::kDayEncoder);
  Element of_the_day("stegencode", std::string(kShort) + " first-position=70000 model=" + day.path());
  of_the_day.pass(make_frame(0));
  CHECK(segment_of(of_the_day).epoch == 70000 % steg::kDayEpochs);
}

TEST_CASE("a frame without a time stamp belongs to the segment before it") {
  Element encode("stegencode", std::string(kShort) + " first-position=3");
  for (int i = 0; i < 8; ++i) {
    Ptr<GstBuffer> frame = make_frame(i);
    if (i == 0 || i == 6) GST_BUFFER_PTS(frame.get()) = GST_CLOCK_TIME_NONE;
    CHECK(mark_of(encode.pass(std::move(frame)).get())->epoch == static_cast<guint>(3 + i / 5));
  }
}

TEST_CASE("patterns of segments are made once, one ahead, and anew for another size") {
  fake::prepared = 0;
  {
    Element encode("stegencode", kShort);
    for (int i = 0; i < 20; ++i) encode.pass(make_frame(i));
    gst_element_set_state(encode.get(), GST_STATE_NULL);
    CHECK(fake::prepared >= 4);
    CHECK(fake::prepared <= 5);
  }
  Element encode("stegencode", kShort);
  encode.pass(make_frame(0));
  encode.set_caps(testing::caps_of("I420", 320, 240));
  const Ptr<GstBuffer> marked = encode.pass(make_frame(1, "I420", 320, 240));
  CHECK(read_id(marked.get(), test_key(), 320, 240) == "segment 0 a");
}

TEST_CASE("a duplicate is not repeated into the next segment") {
  Element encode("stegencode", kShort);
  for (int i = 0; i < 10; ++i) {
    Ptr<GstBuffer> frame = make_frame(0);
    GST_BUFFER_PTS(frame.get()) = static_cast<GstClockTime>(i) * testing::kFrame;
    testing::set_difference(frame.get(), i > 0, static_cast<guint64>(i) + 1, 1);
    const Ptr<GstBuffer> marked = encode.pass(std::move(frame));
    CHECK(read_id(marked.get(), test_key()) == "segment " + std::to_string(i / 5) + " a");
    CHECK(mark_of(marked.get())->action == (i % 5 == 0 ? "encode" : "repeat"));
  }
}

TEST_CASE("an ID that is set while segments are marked is not taken up, and that is said") {
  Element encode("stegencode", kShort);
  encode.pass(make_frame(0));
  g_object_set(encode.get(), "id", "alice", nullptr);
  CHECK(read_id(encode.pass(make_frame(1)).get(), test_key()) == "segment 0 a");
  CHECK(encode.message(GST_MESSAGE_WARNING));
}

TEST_CASE("the output of segments is read back") {
  const testing::TemporaryFile encoder(fake::kEncoder);
  const testing::TemporaryFile extractor(fake::kExtractor);
  Element encode("stegencode", "segment-duration=60000000000 first-position=7 variant=2 verify-interval=1 model=" +
                                   encoder.path() + " verify-model=" + extractor.path());
  encode.pass(make_frame(0));
  const Ptr<GstMessage> verified = encode.wait_for_message("steg-verified");
  const GstStructure* fields = gst_message_get_structure(verified.get());
  CHECK(gst_structure_get_string(fields, "id") == std::string("segment 7 c"));
  gboolean proven = FALSE;
  gboolean blind = FALSE;
  REQUIRE(gst_structure_get(fields, "proven", G_TYPE_BOOLEAN, &proven, "blind", G_TYPE_BOOLEAN, &blind, nullptr));
  CHECK(proven);
  CHECK(blind);
}
