// stegdecode: its message, windows and intervals, and that it changes nothing.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "steg_harness.hpp"

using testing::bytes_of;
using testing::caps_of;
using testing::Element;
using testing::kFrame;
using testing::make_frame;
using testing::Ptr;

namespace {

/// Frames from a stegencode with that ID, and then through a stegdecode.
class Chain {
 public:
  explicit Chain(const std::string& decode_properties, const std::string& encode_properties = "id=alice")
      : encode("stegencode", encode_properties), decode("stegdecode", decode_properties) {}

  void pass(int first, int last) {
    for (int i = first; i < last; ++i) decode.pass(encode.pass(make_frame(i)));
  }
  Ptr<GstMessage> decoded() { return decode.message(GST_MESSAGE_ELEMENT, "steg-decoded"); }
  void end() { gst_harness_push_event(decode.harness(), gst_event_new_eos()); }

  Element encode;
  Element decode;
};

template <class Value>
Value field(const GstMessage* message, const char* name, GType type) {
  Value value{};
  CHECK(gst_structure_get(gst_message_get_structure(const_cast<GstMessage*>(message)), name, type, &value, nullptr));
  return value;
}

std::string id_of(const GstMessage* message) {
  return gst_structure_get_string(gst_message_get_structure(const_cast<GstMessage*>(message)), "id");
}

bool field_of_stats(const Element& element, const char* name) {
  gboolean value = FALSE;
  CHECK(gst_structure_get_boolean(element.stats().get(), name, &value));
  return value != FALSE;
}

}  // namespace

TEST_CASE("each window that reads posts its ID") {
  Chain chain("window=400000000 interval=80000000");
  chain.pass(0, 10);
  CHECK_FALSE(chain.decoded());
  chain.pass(10, 11);
  const Ptr<GstMessage> first = chain.decoded();
  REQUIRE(first);
  CHECK(id_of(first.get()) == "alice");
  CHECK(field<guint>(first.get(), "frames", G_TYPE_UINT) == 5);
  CHECK(field<guint64>(first.get(), "first-pts", G_TYPE_UINT64) == 0);
  CHECK(field<guint64>(first.get(), "last-pts", G_TYPE_UINT64) == 8 * kFrame);
  CHECK(field<guint64>(first.get(), "last-running-time", G_TYPE_UINT64) == 8 * kFrame);
  CHECK(field<guint64>(first.get(), "windows", G_TYPE_UINT64) == 1);
  CHECK(field<guint>(first.get(), "epoch", G_TYPE_UINT) == 0);
  CHECK(field<double>(first.get(), "p-value", G_TYPE_DOUBLE) <= 1e-9);
  CHECK(field<double>(first.get(), "log10-p", G_TYPE_DOUBLE) < -9.0);
  CHECK(field<double>(first.get(), "signature", G_TYPE_DOUBLE) > 7.0);
  CHECK(field<double>(first.get(), "bit-accuracy", G_TYPE_DOUBLE) > 0.9);

  // What is left at the end of the stream is read, too.
  chain.end();
  const Ptr<GstMessage> rest = chain.decoded();
  REQUIRE(rest);
  CHECK(field<guint>(rest.get(), "frames", G_TYPE_UINT) == 1);
  CHECK(field<guint64>(rest.get(), "windows", G_TYPE_UINT64) == 2);
  CHECK(chain.decode.stat("frames") == 11);
  CHECK(chain.decode.stat("frames-read") == 6);
  CHECK(chain.decode.stat("windows") == 2);
  CHECK(chain.decode.stat("windows-decoded") == 2);
  CHECK(gst_structure_get_string(chain.decode.stats().get(), "last-id") == std::string("alice"));
}

TEST_CASE("an ID that changes is followed, epochs as well") {
  Chain chain("window=200000000 interval=0", "id=alice epoch-period=120000000");
  chain.pass(0, 6);
  g_object_set(chain.encode.get(), "id", "bob", nullptr);
  chain.pass(6, 20);
  std::vector<std::string> ids;
  while (const Ptr<GstMessage> message = chain.decoded()) ids.push_back(id_of(message.get()));
  REQUIRE(ids.size() == 3);
  CHECK(ids.front() == "alice");
  CHECK(ids.back() == "bob");
}

TEST_CASE("windows that say nothing by themselves are read together") {
  // So much noise that two frames are not enough and ten are.
  std::mt19937 random(5);
  std::uniform_int_distribution<int> noise(-80, 80);
  Element encode("stegencode", "id=alice");
  Element alone("stegdecode", "window=80000000 interval=0 lost-after=0");
  Element together("stegdecode", "window=80000000 interval=0");
  for (int i = 0; i < 20; ++i) {
    Ptr<GstBuffer> frame = encode.pass(make_frame(i));
    {
      GstMapInfo map;
      REQUIRE(gst_buffer_map(frame.get(), &map, GST_MAP_READWRITE));
      for (gsize k = 0; k < map.size; ++k)
        map.data[k] = static_cast<guint8>(std::clamp(map.data[k] + noise(random), 0, 255));
      gst_buffer_unmap(frame.get(), &map);
    }
    together.pass(alone.pass(std::move(frame)));
  }
  CHECK(alone.stat("windows") >= 8);
  CHECK(alone.stat("windows-decoded") == 0);

  const Ptr<GstMessage> message = together.message(GST_MESSAGE_ELEMENT, "steg-decoded");
  REQUIRE(message);
  CHECK(id_of(message.get()) == "alice");
  CHECK(field<guint>(message.get(), "frames", G_TYPE_UINT) > 2);
  CHECK(field<guint64>(message.get(), "first-pts", G_TYPE_UINT64) == 0);
  const auto last = field<guint64>(message.get(), "last-pts", G_TYPE_UINT64);
  // What was read is not read again.
  const Ptr<GstMessage> next = together.message(GST_MESSAGE_ELEMENT, "steg-decoded");
  if (next) CHECK(field<guint64>(next.get(), "first-pts", G_TYPE_UINT64) > last);
}

TEST_CASE("video without a mark, or under another key, posts nothing") {
  const testing::TemporaryFile key(std::string(64, '7'));
  Chain other_key("window=200000000 interval=0 key-file=" + key.path());
  other_key.pass(0, 12);
  other_key.end();
  CHECK_FALSE(other_key.decoded());
  CHECK(other_key.decode.stat("windows") == 3);

  Element decode("stegdecode", "window=200000000 interval=0");
  for (int i = 0; i < 12; ++i) decode.pass(make_frame(i));
  CHECK_FALSE(decode.message(GST_MESSAGE_ELEMENT, "steg-decoded"));
}

TEST_CASE("max-p-value decides what is reported") {
  Chain chain("window=200000000 interval=0");
  chain.pass(0, 6);
  CHECK(chain.decoded());
  g_object_set(chain.decode.get(), "max-p-value", 1e-300, "window", guint64{2 * kFrame}, nullptr);
  g_object_set(chain.encode.get(), "strength", 0.3F, nullptr);
  chain.pass(6, 20);
  while (const Ptr<GstMessage> message = chain.decoded())
    CHECK(field<double>(message.get(), "log10-p", G_TYPE_DOUBLE) <= -300.0);
  CHECK(chain.decode.stat("windows") > 3);
}

TEST_CASE("no buffer is changed, also one that cannot be written") {
  Element decode("stegdecode", "");
  Ptr<GstBuffer> buffer = make_frame(0);
  const Ptr<GstBuffer> held(gst_buffer_ref(buffer.get()));
  const std::vector<std::uint8_t> before = bytes_of(held.get());
  const Ptr<GstBuffer> passed = decode.pass(std::move(buffer));
  CHECK(passed.get() == held.get());
  CHECK(bytes_of(passed.get()) == before);
}

TEST_CASE("windows end where the stream breaks") {
  Chain chain("window=10000000000 interval=0");
  chain.pass(0, 3);
  guint64 windows = 1;
  SECTION("new caps") {
    chain.encode.set_caps(caps_of("NV12", 640, 360));
    chain.decode.set_caps(caps_of("NV12", 640, 360));
    CHECK(chain.decoded());
    chain.decode.pass(chain.encode.pass(make_frame(3, "NV12", 640, 360)));
    chain.end();
    const Ptr<GstMessage> message = chain.decoded();
    REQUIRE(message);
    CHECK(field<guint>(message.get(), "frames", G_TYPE_UINT) == 1);
    windows = 2;
  }
  SECTION("a discontinuity") {
    Ptr<GstBuffer> buffer = chain.encode.pass(make_frame(3));
    GST_BUFFER_FLAG_SET(buffer.get(), GST_BUFFER_FLAG_DISCONT);
    chain.decode.pass(std::move(buffer));
    CHECK(chain.decoded());
  }
  SECTION("time that jumps back") {
    chain.pass(1, 2);
    CHECK(chain.decoded());
  }
  SECTION("a flush drops what was gathered") {
    gst_harness_push_event(chain.decode.harness(), gst_event_new_flush_start());
    gst_harness_push_event(chain.decode.harness(), gst_event_new_flush_stop(TRUE));
    CHECK_FALSE(chain.decoded());
    windows = 0;
  }
  CHECK(chain.decode.stat("windows") == windows);
}

TEST_CASE("frames without time stamps are counted by the frame rate") {
  Chain chain("window=200000000 interval=0");
  for (int i = 0; i < 6; ++i) {
    Ptr<GstBuffer> buffer = chain.encode.pass(make_frame(i));
    GST_BUFFER_PTS(buffer.get()) = GST_CLOCK_TIME_NONE;
    chain.decode.pass(std::move(buffer));
  }
  const Ptr<GstMessage> message = chain.decoded();
  REQUIRE(message);
  CHECK(field<guint>(message.get(), "frames", G_TYPE_UINT) == 5);
}

TEST_CASE("a frame that is too small for its caps is an error") {
  Element decode("stegdecode", "");
  Ptr<GstBuffer> bad = make_frame(0);
  gst_buffer_set_size(bad.get(), 1000);
  CHECK(decode.push(std::move(bad)) == GST_FLOW_ERROR);
  CHECK_THAT(decode.only_error(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED), Catch::Contains("cannot be read"));
}

TEST_CASE("a mark that is lost is told once, and again after it came back") {
  Chain chain("window=80000000 interval=0 lost-after=200000000");
  const auto lost = [&chain] { return chain.decode.message(GST_MESSAGE_ELEMENT, "steg-lost"); };
  const auto is_lost = [&chain] { return field_of_stats(chain.decode, "lost"); };
  chain.pass(0, 6);
  CHECK_FALSE(lost());
  CHECK_FALSE(is_lost());
  for (int i = 6; i < 20; ++i) chain.decode.pass(make_frame(i));
  const Ptr<GstMessage> loss = lost();
  REQUIRE(loss);
  CHECK(id_of(loss.get()) == "alice");
  CHECK(field<guint64>(loss.get(), "since-pts", G_TYPE_UINT64) == 5 * kFrame);
  const auto until = field<guint64>(loss.get(), "until-pts", G_TYPE_UINT64);
  CHECK(until >= 10 * kFrame);
  CHECK(until <= 13 * kFrame);
  CHECK(field<guint64>(loss.get(), "until-running-time", G_TYPE_UINT64) == until);
  CHECK(field<guint64>(loss.get(), "windows", G_TYPE_UINT64) >= 2);
  CHECK_FALSE(lost());
  CHECK(is_lost());

  for (int i = 20; i < 26; ++i) chain.decode.pass(chain.encode.pass(make_frame(i)));
  CHECK(chain.decoded());
  CHECK_FALSE(is_lost());
  for (int i = 26; i < 40; ++i) chain.decode.pass(make_frame(i));
  CHECK(lost());
  CHECK(chain.decode.stat("losses") == 2);
}

TEST_CASE("a stream that never had a mark is told of, too") {
  Element decode("stegdecode", "window=80000000 interval=0 lost-after=200000000");
  for (int i = 0; i < 12; ++i) decode.pass(make_frame(i));
  const Ptr<GstMessage> loss = decode.message(GST_MESSAGE_ELEMENT, "steg-lost");
  REQUIRE(loss);
  CHECK(id_of(loss.get()).empty());
  CHECK(field<guint64>(loss.get(), "since-pts", G_TYPE_UINT64) == 0);
}
