// What keeps the elements from starting, and what they say then.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "fake_model.hpp"
#include "steg_harness.hpp"

using Catch::Contains;
using testing::Ptr;
using testing::TemporaryFile;

namespace {

/// The one error with which the element refuses to pause.
std::string refusal(const std::string& launch, gint code) {
  const Ptr<GstElement> pipeline(gst_parse_launch((launch + " name=e").c_str(), nullptr));
  REQUIRE(pipeline);
  gst_object_ref_sink(pipeline.get());
  const Ptr<GstBus> bus(gst_bus_new());
  gst_element_set_bus(pipeline.get(), bus.get());
  CHECK(gst_element_set_state(pipeline.get(), GST_STATE_PAUSED) == GST_STATE_CHANGE_FAILURE);
  const Ptr<GstMessage> message(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR));
  REQUIRE(message);
  GError* raw_error = nullptr;
  gst_message_parse_error(message.get(), &raw_error, nullptr);
  const Ptr<GError> error(raw_error);
  CHECK(g_error_matches(error.get(), GST_RESOURCE_ERROR, code));
  CHECK_FALSE(Ptr<GstMessage>(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR)));
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  gst_element_set_bus(pipeline.get(), nullptr);
  return error->message;
}

}  // namespace

TEST_CASE("stegencode does not start without an ID") {
  const TemporaryFile model(fake::kEncoder);
  const std::string launch = "stegencode model=" + model.path();
  CHECK_THAT(refusal(launch, GST_RESOURCE_ERROR_SETTINGS), Contains("No ID is set") && Contains("id=alice"));
  CHECK_THAT(refusal(launch + " id=longer-than-7", GST_RESOURCE_ERROR_SETTINGS), Contains("7 bytes"));
  CHECK_THAT(refusal(launch + " id=\"\"", GST_RESOURCE_ERROR_SETTINGS), Contains("empty"));
}

TEST_CASE("stegencode marks segments or an ID, and segments of a sensible length") {
  const TemporaryFile model(fake::kEncoder);
  const std::string launch = "stegencode model=" + model.path();
  CHECK_THAT(refusal(launch + " id=alice segment-duration=2000000000", GST_RESOURCE_ERROR_SETTINGS),
             Contains("Set one of them"));
  // Seconds instead of nanoseconds.
  CHECK_THAT(refusal(launch + " segment-duration=2", GST_RESOURCE_ERROR_SETTINGS), Contains("nanoseconds"));
}

TEST_CASE("the elements do not start without a usable model") {
  const TemporaryFile damaged("not a model");
  const TemporaryFile empty("");
  const std::string element = GENERATE(as<std::string>(), "stegencode id=alice", "stegdecode");
  CHECK_THAT(refusal(element + " model=/nonexistent/x.pt", GST_RESOURCE_ERROR_NOT_FOUND),
             Contains("/nonexistent/x.pt") && Contains("GST_STEG_MODEL_PATH"));
  CHECK_THAT(refusal(element + " model=" + damaged.path(), GST_RESOURCE_ERROR_SETTINGS), Contains(damaged.path()));
  CHECK_THAT(refusal(element + " model=" + empty.path(), GST_RESOURCE_ERROR_SETTINGS), Contains("empty"));
  CHECK_THAT(refusal(element + " model=/", GST_RESOURCE_ERROR_SETTINGS), Contains("cannot be read"));
}

TEST_CASE("stegencode does not start without the extractor that verify-interval needs") {
  const TemporaryFile encoder(fake::kEncoder);
  CHECK_THAT(
      refusal("stegencode id=alice verify-interval=1000000000 verify-model=/nonexistent.pt model=" + encoder.path(),
              GST_RESOURCE_ERROR_NOT_FOUND),
      Contains("/nonexistent.pt"));
}

TEST_CASE("the elements do not start with a key file that cannot be used") {
  const TemporaryFile encoder(fake::kEncoder);
  const TemporaryFile extractor(fake::kExtractor);
  const bool encodes = GENERATE(true, false);
  const std::string element =
      encodes ? "stegencode id=alice model=" + encoder.path() : "stegdecode model=" + extractor.path();
  const TemporaryFile bad_key("0123\n");
  CHECK_THAT(refusal(element + " key-file=/nonexistent.key", GST_RESOURCE_ERROR_NOT_FOUND),
             Contains("/nonexistent.key") && Contains("steg-audit keygen"));
  CHECK_THAT(refusal(element + " key-file=" + bad_key.path(), GST_RESOURCE_ERROR_SETTINGS),
             Contains("64 hexadecimal digits"));
}

TEST_CASE("a refused start leaves the element fit to start") {
  const TemporaryFile model(fake::kEncoder);
  const Ptr<GstElement> element(GST_ELEMENT(gst_object_ref_sink(gst_element_factory_make("stegencode", nullptr))));
  CHECK(gst_element_set_state(element.get(), GST_STATE_PAUSED) == GST_STATE_CHANGE_FAILURE);
  gst_element_set_state(element.get(), GST_STATE_NULL);
  g_object_set(element.get(), "id", "bob", "model", model.path().c_str(), nullptr);
  CHECK(gst_element_set_state(element.get(), GST_STATE_PAUSED) != GST_STATE_CHANGE_FAILURE);
  gst_element_set_state(element.get(), GST_STATE_NULL);
}

TEST_CASE("the public default key is warned of, a key file is not") {
  const TemporaryFile model(fake::kEncoder);
  const TemporaryFile key(testing::kKeyHex);
  const bool with_key = GENERATE(false, true);
  const std::string launch =
      "stegencode id=alice model=" + model.path() + (with_key ? " key-file=" + key.path() : std::string());
  const Ptr<GstElement> element(GST_ELEMENT(gst_object_ref_sink(gst_parse_launch(launch.c_str(), nullptr))));
  const Ptr<GstBus> bus(gst_bus_new());
  gst_element_set_bus(element.get(), bus.get());
  REQUIRE(gst_element_set_state(element.get(), GST_STATE_PAUSED) != GST_STATE_CHANGE_FAILURE);
  const Ptr<GstMessage> message(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_WARNING));
  if (with_key) {
    CHECK_FALSE(message);
  } else {
    REQUIRE(message);
    GError* raw_error = nullptr;
    gst_message_parse_warning(message.get(), &raw_error, nullptr);
    const Ptr<GError> error(raw_error);
    CHECK_THAT(error->message, Contains("anyone can read and forge") && Contains("steg-audit keygen"));
  }
  gst_element_set_state(element.get(), GST_STATE_NULL);
  gst_element_set_bus(element.get(), nullptr);
}

TEST_CASE("the device is a setting of the start, and one that is not there stops it") {
  const TemporaryFile model(fake::kEncoder);
  const std::string launch = "stegencode id=alice model=" + model.path();
  const Ptr<GstElement> element(GST_ELEMENT(gst_object_ref_sink(gst_parse_launch(launch.c_str(), nullptr))));
  for (const char* device : {"auto", "cpu"}) {
    gst_util_set_object_arg(G_OBJECT(element.get()), "device", device);
    CHECK(gst_element_set_state(element.get(), GST_STATE_PAUSED) != GST_STATE_CHANGE_FAILURE);
    gst_element_set_state(element.get(), GST_STATE_NULL);
  }
  gst_util_set_object_arg(G_OBJECT(element.get()), "device", "cuda");
  CHECK(gst_element_set_state(element.get(), GST_STATE_PAUSED) == GST_STATE_CHANGE_FAILURE);
  gst_element_set_state(element.get(), GST_STATE_NULL);
}
