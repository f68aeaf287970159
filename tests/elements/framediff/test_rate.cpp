// Frame rates, statistics, and the variable rate out.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cmath>

#include "framediff_harness.hpp"

using namespace testing;
using pictures::Picture;

namespace {

struct Rate {
  int num = 0;
  int den = 0;
  bool operator==(const Rate& other) const { return num == other.num && den == other.den; }
};

Rate rate_in(const GstStructure* structure, const char* field) {
  Rate rate;
  CHECK(gst_structure_get_fraction(structure, field, &rate.num, &rate.den));
  return rate;
}

/// Frames at `fps`, timestamps in whole milliseconds from `start` on; all outputs are thrown away.
void push_frames(Framediff& framediff, int count, double fps, GstClockTime start, bool moving) {
  for (int i = 0; i < count; ++i) {
    Ptr<GstBuffer> buffer =
        make_buffer("I420", Picture(64, 48, static_cast<std::uint8_t>(moving && i % 2 ? 200 : 90)), 0);
    GST_BUFFER_PTS(buffer.get()) = start + static_cast<GstClockTime>(std::llround(i * 1000 / fps)) * GST_MSECOND;
    REQUIRE(framediff.push(std::move(buffer)) == GST_FLOW_OK);
    framediff.pull();
  }
}

std::vector<Ptr<GstMessage>> rate_messages(Framediff& framediff) {
  std::vector<Ptr<GstMessage>> messages;
  while (Ptr<GstMessage> message = framediff.message(GST_MESSAGE_ELEMENT)) {
    CHECK(gst_message_has_name(message.get(), "framediff-rate"));
    messages.push_back(std::move(message));
  }
  return messages;
}

}  // namespace

TEST_CASE("a message tells the rate, and tells it again when it changes") {
  Framediff framediff("", caps_of("I420", 64, 48, "0/1"));
  push_frames(framediff, 120, 30000.0 / 1001, GST_SECOND, true);
  auto messages = rate_messages(framediff);
  REQUIRE_FALSE(messages.empty());
  CHECK(messages.size() <= 3);
  const GstStructure* fields = gst_message_get_structure(messages.back().get());
  CHECK(rate_in(fields, "input-framerate") == Rate{30000, 1001});
  CHECK(rate_in(fields, "unique-framerate") == Rate{30000, 1001});
  gboolean variable = TRUE;
  guint64 running_time = 0;
  REQUIRE(gst_structure_get(fields, "variable", G_TYPE_BOOLEAN, &variable, "running-time", G_TYPE_UINT64, &running_time,
                            nullptr));
  CHECK_FALSE(variable);
  CHECK(running_time > GST_SECOND);
  CHECK(running_time < 6 * GST_SECOND);

  push_frames(framediff, 180, 60.0, 6 * GST_SECOND, true);
  messages = rate_messages(framediff);
  REQUIRE_FALSE(messages.empty());
  CHECK(messages.size() <= 2);
  // Milliseconds leave it open for a second whether it is 60 or 60000/1001.
  const Rate first = rate_in(gst_message_get_structure(messages.front().get()), "input-framerate");
  CHECK(first.num / static_cast<double>(first.den) == Approx(60.0).epsilon(0.002));
  CHECK(rate_in(gst_message_get_structure(messages.back().get()), "input-framerate") == Rate{60, 1});
}

TEST_CASE("the rate in the caps decides between neighbours, but not against the timestamps") {
  Framediff framediff("", caps_of("I420", 64, 48, "24000/1001"));
  push_frames(framediff, 60, 24000.0 / 1001, 0, true);
  auto messages = rate_messages(framediff);
  REQUIRE(messages.size() == 1);
  CHECK(rate_in(gst_message_get_structure(messages[0].get()), "input-framerate") == Rate{24000, 1001});
}

TEST_CASE("statistics count since the start") {
  Framediff framediff;
  const auto numbers = [&] {
    const Ptr<GstStructure> stats = framediff.stats();
    guint64 frames = 99;
    guint64 duplicates = 99;
    REQUIRE(gst_structure_get(stats.get(), "frames", G_TYPE_UINT64, &frames, "duplicates", G_TYPE_UINT64, &duplicates,
                              nullptr));
    return std::pair{frames, duplicates};
  };
  CHECK(numbers() == std::pair<guint64, guint64>{0, 0});
  push_frames(framediff, 20, 25, 0, false);
  CHECK(numbers() == std::pair<guint64, guint64>{20, 19});
  const Ptr<GstStructure> stats = framediff.stats();
  CHECK(rate_in(stats.get(), "input-framerate") == Rate{25, 1});
  CHECK(rate_in(stats.get(), "unique-framerate") == Rate{0, 1});
  gst_element_set_state(framediff.element(), GST_STATE_NULL);
  CHECK(numbers() == std::pair<guint64, guint64>{20, 19});
  gst_element_set_state(framediff.element(), GST_STATE_PLAYING);
  CHECK(numbers() == std::pair<guint64, guint64>{0, 0});
}

TEST_CASE("frames without timestamps have no rate") {
  Framediff framediff;
  for (int i = 0; i < 30; ++i) {
    Ptr<GstBuffer> buffer = make_buffer("I420", Picture(64, 48, 90), 0);
    GST_BUFFER_PTS(buffer.get()) = GST_CLOCK_TIME_NONE;
    REQUIRE(framediff.push(std::move(buffer)) == GST_FLOW_OK);
    framediff.pull();
  }
  CHECK(rate_messages(framediff).empty());
  CHECK(rate_in(framediff.stats().get(), "input-framerate") == Rate{0, 1});
}

TEST_CASE("drop-duplicates leaves fresh frames at their times and says that the rate varies") {
  Framediff framediff("drop-duplicates=true max-hold=400000000");
  std::vector<guint64> out;
  for (guint64 i = 0; i < 30; ++i) {
    REQUIRE(framediff.push(Picture(64, 48, i < 15 ? 90 : 150), i) == GST_FLOW_OK);
    if (const Ptr<GstBuffer> buffer = framediff.pull()) {
      CHECK_FALSE(meta_of(buffer.get())->duplicate);
      CHECK_FALSE(GST_BUFFER_DURATION_IS_VALID(buffer.get()));
      CHECK(GST_BUFFER_PTS(buffer.get()) % kFrame == 0);
      out.push_back(GST_BUFFER_PTS(buffer.get()) / kFrame);
    }
  }
  CHECK(out == std::vector<guint64>{0, 10, 15, 25});  // every 400 ms, and where the picture changes

  const Ptr<GstCaps> caps(gst_pad_get_current_caps(framediff.harness()->sinkpad));
  const GstStructure* structure = gst_caps_get_structure(caps.get(), 0);
  CHECK(rate_in(structure, "framerate") == Rate{0, 1});
  CHECK(rate_in(structure, "max-framerate") == Rate{25, 1});

  guint gaps = 0;
  while (const Ptr<GstEvent> event{gst_harness_try_pull_event(framediff.harness())}) {
    if (GST_EVENT_TYPE(event.get()) != GST_EVENT_GAP) continue;
    GstClockTime pts = 0;
    GstClockTime duration = 0;
    gst_event_parse_gap(event.get(), &pts, &duration);
    CHECK(duration == kFrame);
    ++gaps;
  }
  CHECK(gaps == 26);
}

TEST_CASE("drop-duplicates can be switched while playing") {
  Framediff framediff;
  const Picture grey(64, 48, 90);
  framediff.judge(grey, 0);
  CHECK(framediff.judge(grey, 1).duplicate);
  g_object_set(framediff.element(), "drop-duplicates", TRUE, nullptr);
  const auto framerate = [&] {
    const Ptr<GstCaps> caps(gst_pad_get_current_caps(framediff.harness()->sinkpad));
    return rate_in(gst_caps_get_structure(caps.get(), 0), "framerate");
  };
  int out = 0;
  for (guint64 i = 2; i < 8; ++i) {
    REQUIRE(framediff.push(grey, i) == GST_FLOW_OK);
    out += framediff.pull() ? 1 : 0;
  }
  CHECK(out == 1);  // new caps, hence one fresh frame
  CHECK(framerate() == Rate{0, 1});
  g_object_set(framediff.element(), "drop-duplicates", FALSE, nullptr);
  framediff.judge(grey, 8);
  CHECK(framediff.judge(grey, 9).duplicate);
  CHECK(framerate() == Rate{25, 1});
}
