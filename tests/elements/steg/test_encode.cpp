// stegencode: the mark, its meta, messages and events, and its properties.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "fake_model.hpp"
#include "steg_harness.hpp"

using Catch::Contains;
using testing::Element;
using testing::kFrame;
using testing::make_frame;
using testing::mark_of;
using testing::Ptr;
using testing::read_id;
using testing::test_key;

namespace {

std::string string_property(GstElement* element, const char* name) {
  gchar* raw = nullptr;
  g_object_get(element, name, &raw, nullptr);
  const Ptr<gchar> text(raw);
  return text ? text.get() : "";
}

std::string applied_id(const GstMessage* message) {
  return gst_structure_get_string(gst_message_get_structure(const_cast<GstMessage*>(message)), "id");
}

}  // namespace

TEST_CASE("every frame carries the ID, and says so") {
  Element encode("stegencode", "id=alice");
  for (int i = 0; i < 5; ++i) {
    const Ptr<GstBuffer> plain = make_frame(i);
    const Ptr<GstBuffer> marked = encode.pass(make_frame(i));
    CHECK(testing::bytes_of(marked.get()) != testing::bytes_of(plain.get()));
    CHECK(read_id(plain.get(), test_key()).empty());
    CHECK(read_id(marked.get(), test_key()) == "alice");
    CHECK(read_id(marked.get(), steg::Key::public_default()).empty());
    CHECK(GST_BUFFER_PTS(marked.get()) == static_cast<GstClockTime>(i) * kFrame);
    CHECK(GST_BUFFER_DURATION(marked.get()) == kFrame);
    const auto meta = mark_of(marked.get());
    REQUIRE(meta);
    CHECK(meta->id == "alice");
    CHECK(meta->epoch == 0);
    CHECK(meta->action == "encode");
    CHECK(meta->key_fingerprint == test_key().fingerprint());
    CHECK(meta->model_fingerprint.size() == 16);
  }
  CHECK(encode.stat("frames") == 5);
  CHECK(encode.stat("encoded") == 5);
  CHECK(encode.stat("repeated") == 0);
  CHECK(encode.stat("residual") == 0);
  CHECK(gst_structure_get_string(encode.stats().get(), "id-requested") == std::string("alice"));
  CHECK(gst_structure_get_string(encode.stats().get(), "id-applied") == std::string("alice"));
}

TEST_CASE("strength scales the mark") {
  const std::string strength = GENERATE(as<std::string>(), "0.5", "2");
  const std::vector<std::uint8_t> plain = testing::luma_of(make_frame(0).get());
  const auto changes = [&plain](const std::string& by) {
    Element encode("stegencode", "id=alice strength=" + by);
    const std::vector<std::uint8_t> marked = testing::luma_of(encode.pass(make_frame(0)).get());
    std::vector<double> all;
    for (std::size_t i = 0; i < plain.size(); ++i) all.push_back(static_cast<double>(marked[i]) - plain[i]);
    return all;
  };
  const std::vector<double> plainly = changes("1");
  const std::vector<double> scaled = changes(strength);
  const double factor = std::stod(strength);
  double furthest = 0;
  double largest = 0;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    furthest = std::max(furthest, std::abs(scaled[i] - factor * plainly[i]));
    largest = std::max(largest, std::abs(plainly[i]));
  }
  CHECK(furthest <= 0.5 + 0.5 * factor + 0.1);  // what rounding does to both, and 1/25 level
  CHECK(largest >= static_cast<double>(fake::kAmplitude));
}

TEST_CASE("an ID that changes in play") {
  Element encode("stegencode", "id=alice epoch-period=0");
  encode.pass(make_frame(0));
  const Ptr<GstMessage> first = encode.message(GST_MESSAGE_ELEMENT, "steg-id-applied");
  REQUIRE(first);
  CHECK(applied_id(first.get()) == "alice");
  encode.pass(make_frame(1));
  CHECK_FALSE(encode.message(GST_MESSAGE_ELEMENT, "steg-id-applied"));
  CHECK(encode.record().count("force-key-unit") == 0);

  fake::prepared = 0;
  g_object_set(encode.get(), "id", "bob", nullptr);
  CHECK(fake::prepared == 1);  // by this thread, not by the one that has the frames
  CHECK(string_property(encode.get(), "id") == "bob");
  const Ptr<GstBuffer> marked = encode.pass(make_frame(2));
  CHECK(fake::prepared == 1);
  CHECK(read_id(marked.get(), test_key()) == "bob");
  CHECK(mark_of(marked.get())->id == "bob");
  const Ptr<GstMessage> second = encode.message(GST_MESSAGE_ELEMENT, "steg-id-applied");
  REQUIRE(second);
  CHECK(applied_id(second.get()) == "bob");
  const GstStructure* fields = gst_message_get_structure(second.get());
  guint64 pts = 0;
  guint64 running_time = 0;
  CHECK(gst_structure_get(fields, "pts", G_TYPE_UINT64, &pts, "running-time", G_TYPE_UINT64, &running_time, nullptr));
  CHECK(pts == 2 * kFrame);
  CHECK(running_time == 2 * kFrame);

  // The request for a key frame comes between the last frame of the old ID and the first of the new one.
  const std::vector<std::string> all = encode.record().all();
  REQUIRE(all.size() >= 4);
  CHECK(std::vector<std::string>(all.end() - 4, all.end()) ==
        std::vector<std::string>{"buffer", "buffer", "force-key-unit", "buffer"});

  // The same ID again is no change.
  g_object_set(encode.get(), "id", "bob", nullptr);
  encode.pass(make_frame(3));
  CHECK_FALSE(encode.message(GST_MESSAGE_ELEMENT, "steg-id-applied"));
  CHECK(encode.record().count("force-key-unit") == 1);
}

TEST_CASE("a bad ID is refused, and the old one stays") {
  Element encode("stegencode", "id=alice");
  encode.pass(make_frame(0));
  const auto [id, reason] = GENERATE(table<const char*, const char*>(
      {{"", "empty"}, {nullptr, "empty"}, {"12345678", "7 bytes"}, {"caf\xe9", "UTF-8"}, {"a\nb", "control"}}));
  g_object_set(encode.get(), "id", id, nullptr);
  const Ptr<GstMessage> warning = encode.message(GST_MESSAGE_WARNING);
  REQUIRE(warning);
  GError* raw_error = nullptr;
  gst_message_parse_warning(warning.get(), &raw_error, nullptr);
  const Ptr<GError> error(raw_error);
  CHECK_THAT(error->message, Contains(reason) && Contains("\"alice\" stays"));
  CHECK(string_property(encode.get(), "id") == "alice");
  CHECK(read_id(encode.pass(make_frame(1)).get(), test_key()) == "alice");
}

TEST_CASE("IDs of every length, also beyond ASCII") {
  const std::string id = GENERATE(as<std::string>(), "1", "ab", "café", "1234567", "中文");
  Element encode("stegencode", "id=start");
  g_object_set(encode.get(), "id", id.c_str(), nullptr);
  const Ptr<GstBuffer> marked = encode.pass(make_frame(0));
  CHECK(mark_of(marked.get())->id == id);
  CHECK(read_id(marked.get(), test_key()) == id);
}

TEST_CASE("the epoch follows the running time") {
  Element encode("stegencode", "id=alice epoch-period=80000000");
  for (int i = 0; i < 20; ++i) {
    const Ptr<GstBuffer> marked = encode.pass(make_frame(i));
    const auto meta = mark_of(marked.get());
    CHECK(meta->epoch == static_cast<guint>(i / 2 % 8));
    if (i % 5 == 0) CHECK(read_id(marked.get(), test_key()) == "alice");
  }
  CHECK(encode.record().count("force-key-unit") == 9);
  g_object_set(encode.get(), "epoch-period", guint64{0}, nullptr);
  CHECK(mark_of(encode.pass(make_frame(21)).get())->epoch == 0);

  // A frame without a time stamp keeps the epoch of the one before it.
  g_object_set(encode.get(), "epoch-period", guint64{2 * kFrame}, nullptr);
  CHECK(mark_of(encode.pass(make_frame(22)).get())->epoch == 3);
  Ptr<GstBuffer> timeless = make_frame(23);
  GST_BUFFER_PTS(timeless.get()) = GST_CLOCK_TIME_NONE;
  CHECK(mark_of(encode.pass(std::move(timeless)).get())->epoch == 3);
}

TEST_CASE("patterns are made once for each epoch, one ahead") {
  Element encode("stegencode", "id=alice epoch-period=1000000000");
  fake::prepared = 0;
  for (int i = 0; i < 50; ++i) encode.pass(make_frame(i));
  gst_element_set_state(encode.get(), GST_STATE_NULL);
  CHECK(fake::prepared >= 2);
  CHECK(fake::prepared <= 3);
}

TEST_CASE("properties keep their values through NULL and back, and all can be read") {
  Element encode("stegencode", "id=alice strength=0.75 on-duplicate=residual epoch-period=123456789 threads=3");
  encode.pass(make_frame(0));
  const std::string key_file = string_property(encode.get(), "key-file");
  const std::string model = string_property(encode.get(), "model");
  gst_element_set_state(encode.get(), GST_STATE_NULL);
  CHECK(encode.stat("frames") == 1);
  gst_element_set_state(encode.get(), GST_STATE_PLAYING);
  CHECK(encode.stat("frames") == 0);
  gfloat strength = 0.0F;
  gint on_duplicate = -1;
  guint64 epoch_period = 0;
  gint threads = 0;
  g_object_get(encode.get(), "strength", &strength, "on-duplicate", &on_duplicate, "epoch-period", &epoch_period,
               "threads", &threads, nullptr);
  CHECK(strength == 0.75F);
  CHECK(on_duplicate == 1);
  CHECK(epoch_period == 123456789);
  CHECK(threads == 3);
  CHECK(string_property(encode.get(), "id") == "alice");
  CHECK(string_property(encode.get(), "key-file") == key_file);
  CHECK(string_property(encode.get(), "model") == model);
}

TEST_CASE("properties say when they may change") {
  Element encode("stegencode", "id=alice");
  guint count = 0;
  GParamSpec** specs = g_object_class_list_properties(G_OBJECT_GET_CLASS(encode.get()), &count);
  const std::set<std::string> in_play{"id",           "strength",          "on-duplicate",
                                      "epoch-period", "residual-interval", "verify-interval"};
  for (guint i = 0; i < count; ++i) {
    if (specs[i]->owner_type != G_OBJECT_TYPE(encode.get())) continue;
    CAPTURE(specs[i]->name);
    CHECK((specs[i]->flags & G_PARAM_READABLE) != 0);
    const bool mutable_playing = (specs[i]->flags & GST_PARAM_MUTABLE_PLAYING) != 0;
    CHECK(mutable_playing == (in_play.count(specs[i]->name) > 0));
  }
  g_free(specs);
}

TEST_CASE("the element adds no latency") {
  Element encode("stegencode", "id=alice");
  encode.pass(make_frame(0));
  CHECK(gst_harness_query_latency(encode.harness()) == 0);
}
