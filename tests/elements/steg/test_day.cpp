// Epochs that are times of day, through both elements.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "fake_model.hpp"
#include "steg_harness.hpp"

using testing::Element;
using testing::make_frame;
using testing::mark_of;
using testing::Ptr;

namespace {

const testing::TemporaryFile& encoder() {
  static const testing::TemporaryFile file(fake::kDayEncoder);
  return file;
}

const testing::TemporaryFile& extractor() {
  static const testing::TemporaryFile file(fake::kDayExtractor);
  return file;
}

std::string encode_with(const std::string& properties) {
  return "id=alice model=" + encoder().path() + " " + properties;
}

/// Nanoseconds since 1970 of a second of some day.
std::string origin_at(guint64 second) {
  return "epoch-origin=" + std::to_string((guint64{20000} * 86400 + second) * GST_SECOND);
}

guint epoch_of(Element& encode, int index) { return mark_of(encode.pass(make_frame(index)).get())->epoch; }

}  // namespace

TEST_CASE("the epoch is the time of day") {
  Element encode("stegencode", encode_with(origin_at(50601)));
  for (int i = 0; i < 100; ++i) {
    // At the frame nearest to a border, 14:03:22 for the 25th of them, the epoch changes.
    const guint expected = i < 25 ? 25300 : i < 75 ? 25301 : 25302;
    CHECK(epoch_of(encode, i) == expected);
  }
  CHECK(encode.record().count("force-key-unit") == 2);
  const Ptr<GstMessage> applied = encode.message(GST_MESSAGE_ELEMENT, "steg-id-applied");
  REQUIRE(applied);
  guint epoch = 0;
  CHECK(gst_structure_get_uint(gst_message_get_structure(applied.get()), "epoch", &epoch));
  CHECK(epoch == 25300);
  CHECK(gst_structure_get_uint(encode.stats().get(), "epoch", &epoch));
  CHECK(epoch == 25302);
}

TEST_CASE("epochs go on over midnight, and those of other periods as well") {
  const auto [period, before, after] = GENERATE(
      table<std::string, guint, guint>({{"2000000000", 43199, 0}, {"7000000000", 12342, 0}, {"500000000", 41727, 0}}));
  Element encode("stegencode", encode_with(origin_at(86399) + " epoch-period=" + period));
  guint last = 0;
  for (int i = 0; i < 25; ++i) last = epoch_of(encode, i);
  CHECK(last == before);
  CHECK(epoch_of(encode, 25) == after);
}

TEST_CASE("without changes the epoch of the start stays") {
  Element encode("stegencode", encode_with(origin_at(50601) + " epoch-period=0"));
  for (int i = 0; i < 60; ++i) CHECK(epoch_of(encode, i) == 25300);
  CHECK(encode.record().count("force-key-unit") == 0);
}

TEST_CASE("by itself the element takes the clock at the first frame") {
  const gint64 before = g_get_real_time();
  Element encode("stegencode", encode_with(""));
  Ptr<GstBuffer> first = make_frame(100);
  SECTION("with a time stamp") {}
  SECTION("without one") { GST_BUFFER_PTS(first.get()) = GST_CLOCK_TIME_NONE; }
  const guint epoch = mark_of(encode.pass(std::move(first)).get())->epoch;
  const gint64 after = g_get_real_time();
  const auto number = [](gint64 time) { return static_cast<guint>(time / G_USEC_PER_SEC % 86400 / 2); };
  // The half of a frame's duration may lie beyond the next border.
  const bool near = epoch == number(before) || epoch == number(after) || epoch == number(after + 20000);
  CHECK(near);
}

TEST_CASE("patterns are made once for each epoch of the day") {
  Element encode("stegencode", encode_with(origin_at(50600)));
  fake::prepared = 0;
  for (int i = 0; i < 120; ++i) encode.pass(make_frame(i));
  gst_element_set_state(encode.get(), GST_STATE_NULL);
  // Three epochs, and the next of them ahead.
  CHECK(fake::prepared >= 3);
  CHECK(fake::prepared <= 4);
}

TEST_CASE("what was marked says when") {
  Element encode("stegencode", encode_with(origin_at(86396)));
  Element decode("stegdecode", "window=1000000000 interval=80000000 model=" + extractor().path());
  for (int i = 0; i < 200; ++i) decode.pass(encode.pass(make_frame(i)));
  std::vector<std::string> times;
  while (const Ptr<GstMessage> message = decode.message(GST_MESSAGE_ELEMENT, "steg-decoded")) {
    const GstStructure* fields = gst_message_get_structure(message.get());
    CHECK(gst_structure_get_string(fields, "id") == std::string("alice"));
    guint epoch = 0;
    CHECK(gst_structure_get_uint(fields, "epoch", &epoch));
    times.emplace_back(gst_structure_get_string(fields, "marked-at"));
    CHECK(epoch == (times.back() == "23:59:56"   ? 43198
                    : times.back() == "23:59:58" ? 43199
                    : times.back() == "00:00:00" ? 0
                                                 : 1));
  }
  REQUIRE(times.size() >= 6);
  CHECK(times.front() == "23:59:56");
  CHECK(times[2] == "23:59:58");
  CHECK(times[4] == "00:00:00");
}

TEST_CASE("marks of other periods and of the legacy format") {
  Element encode("stegencode", encode_with(origin_at(3600) + " epoch-period=4000000000"));
  Element decode("stegdecode", "window=400000000 epoch-period=4000000000 model=" + extractor().path());
  for (int i = 0; i < 20; ++i) decode.pass(encode.pass(make_frame(i)));
  const Ptr<GstMessage> message = decode.message(GST_MESSAGE_ELEMENT, "steg-decoded");
  REQUIRE(message);
  CHECK(gst_structure_get_string(gst_message_get_structure(message.get()), "marked-at") == std::string("01:00:00"));

  Element legacy("stegencode", "id=alice epoch-period=80000000 epoch-origin=80000000");
  Element reader("stegdecode", "window=200000000 interval=0");
  CHECK(epoch_of(legacy, 0) == 1);
  for (int i = 1; i < 10; ++i) reader.pass(legacy.pass(make_frame(i)));
  const Ptr<GstMessage> timeless = reader.message(GST_MESSAGE_ELEMENT, "steg-decoded");
  REQUIRE(timeless);
  CHECK_FALSE(gst_structure_has_field(gst_message_get_structure(timeless.get()), "marked-at"));
}

TEST_CASE("the output is read back by its own epoch") {
  Element encode("stegencode", encode_with(origin_at(50601) + " verify-interval=1 verify-model=" + extractor().path()));
  encode.pass(make_frame(0));
  const Ptr<GstMessage> verified = encode.wait_for_message("steg-verified");
  const GstStructure* fields = gst_message_get_structure(verified.get());
  gboolean proven = FALSE;
  gboolean blind = FALSE;
  guint epoch = 0;
  CHECK(gst_structure_get(fields, "proven", G_TYPE_BOOLEAN, &proven, "blind", G_TYPE_BOOLEAN, &blind, "epoch",
                          G_TYPE_UINT, &epoch, nullptr));
  CHECK(proven);
  CHECK(blind);
  CHECK(epoch == 25300);
}
