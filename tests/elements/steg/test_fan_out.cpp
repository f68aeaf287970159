// Several recipients behind a tee: what the network sees of a picture is computed once, and changes nothing.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/app/gstappsrc.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "fake_model.hpp"
#include "plugins/common/gststegmeta.h"
#include "steg_harness.hpp"

using testing::caps_of;
using testing::Element;
using testing::make_frame;
using testing::Ptr;

namespace {

constexpr int kFrames = 16;
constexpr int kDuplicates = 4;
constexpr int kSide = 96;

/// Every fourth picture repeats the one before.
void judge(GstBuffer* buffer, int index) {
  const auto sequence = static_cast<guint64>(index + 1);
  const bool duplicate = index % 4 == 3;
  testing::set_difference(buffer, duplicate, sequence, duplicate ? sequence - 1 : sequence);
}

std::vector<std::vector<std::uint8_t>> marked_alone(const std::string& properties, const std::string& format) {
  Element encode("stegencode", properties, caps_of(format, kSide, kSide));
  std::vector<std::vector<std::uint8_t>> outputs;
  for (int i = 0; i < kFrames; ++i) {
    Ptr<GstBuffer> frame = make_frame(i, format, kSide, kSide);
    judge(frame.get(), i);
    outputs.push_back(testing::bytes_of(encode.pass(std::move(frame)).get()));
  }
  return outputs;
}

/// Few buffers, which are used again and again: none may be kept, nor taken for what was in it before.
class Pool {
 public:
  Pool(const std::string& format, guint buffers) : pool_(gst_buffer_pool_new()) {
    const gsize size = gst_buffer_get_size(make_frame(0, format, kSide, kSide).get());
    GstStructure* config = gst_buffer_pool_get_config(pool_.get());
    gst_buffer_pool_config_set_params(config, nullptr, static_cast<guint>(size), buffers, buffers);
    REQUIRE(gst_buffer_pool_set_config(pool_.get(), config));
    REQUIRE(gst_buffer_pool_set_active(pool_.get(), TRUE));
  }
  ~Pool() { gst_buffer_pool_set_active(pool_.get(), FALSE); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  Ptr<GstBuffer> copy_of(const Ptr<GstBuffer>& frame) {
    GstBuffer* buffer = nullptr;
    REQUIRE(gst_buffer_pool_acquire_buffer(pool_.get(), &buffer, nullptr) == GST_FLOW_OK);
    const std::vector<std::uint8_t> bytes = testing::bytes_of(frame.get());
    gst_buffer_fill(buffer, 0, bytes.data(), bytes.size());
    GST_BUFFER_PTS(buffer) = GST_BUFFER_PTS(frame.get());
    GST_BUFFER_DURATION(buffer) = GST_BUFFER_DURATION(frame.get());
    return Ptr<GstBuffer>(buffer);
  }

 private:
  Ptr<GstBufferPool> pool_;
};

/// What came to a fakesink, which does not keep it.
struct Output {
  std::vector<std::vector<std::uint8_t>> frames;
  std::atomic<int> count{0};
};

void receive(GstElement*, GstBuffer* buffer, GstPad*, gpointer data) {
  auto* output = static_cast<Output*>(data);
  output->frames.push_back(testing::bytes_of(buffer));
  ++output->count;
}

}  // namespace

TEST_CASE("recipients behind a tee get what each would get alone, for one look at each picture") {
  const std::string format = GENERATE(as<std::string>(), "I420", "NV12", "I420_10LE");
  const char* network = GENERATE(fake::kEncoder, fake::kPlanesEncoder);
  // With buffers of their own for the same memory, too. Epochs change at pictures that are no duplicates.
  const std::string between = GENERATE(as<std::string>(), "", "identity drop-buffer-flags=marker ! ");
  // Each of them a recipient's, or each a variant of the same segments.
  const bool segments = GENERATE(false, true);
  CAPTURE(format, network, between, segments);
  const testing::TemporaryFile model(network);
  const testing::TemporaryFile other_model(fake::kDayEncoder);
  const testing::TemporaryFile key(testing::kKeyHex);
  // Dave marks the same pictures with another network, and changes what the others have.
  const std::vector<std::string> ids = {"alice", "bob", "carol", "dave"};
  const auto properties = [&](const std::string& id) {
    const auto number = std::find(ids.begin(), ids.end(), id) - ids.begin();
    return (segments ? "segment-duration=240000000 variant=" + std::to_string(number)
                     : "id=" + id + " epoch-origin=0 epoch-period=240000000") +
           " key-file=" + key.path() + " model=" + (id == "dave" ? other_model.path() : model.path());
  };

  std::string launch = "appsrc name=src format=time block=true max-buffers=1 caps=\"" + caps_of(format, kSide, kSide) +
                       "\" ! tee name=t";
  for (const std::string& id : ids)
    launch += "  t. ! queue ! " + between + "stegencode " + properties(id) +
              " ! fakesink signal-handoffs=true enable-last-sample=false sync=false name=" + id;
  GError* raw_error = nullptr;
  const Ptr<GstElement> pipeline(gst_parse_launch(launch.c_str(), &raw_error));
  const Ptr<GError> error(raw_error);
  REQUIRE(pipeline);
  const Ptr<GstElement> source(gst_bin_get_by_name(GST_BIN(pipeline.get()), "src"));
  std::vector<Output> outputs(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const Ptr<GstElement> sink(gst_bin_get_by_name(GST_BIN(pipeline.get()), ids[i].c_str()));
    g_signal_connect(sink.get(), "handoff", G_CALLBACK(receive), &outputs[i]);
  }
  fake::overlapped = false;
  REQUIRE(gst_element_set_state(pipeline.get(), GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE);
  // Each of the four may keep one for duplicates.
  Pool pool(format, 6);
  int looks_before = 0;
  for (int i = 0; i < kFrames; ++i) {
    Ptr<GstBuffer> buffer = pool.copy_of(make_frame(i, format, kSide, kSide));
    judge(buffer.get(), i);
    REQUIRE(gst_app_src_push_buffer(GST_APP_SRC(source.get()), buffer.release()) == GST_FLOW_OK);
    if (i > 0) continue;
    // Who learns the size of the pictures when the others have the first one already looks at it by himself.
    for (const Output& output : outputs)
      while (output.count == 0) g_usleep(1000);
    looks_before = fake::looks;
  }
  gst_app_src_end_of_stream(GST_APP_SRC(source.get()));
  const Ptr<GstBus> bus(gst_element_get_bus(pipeline.get()));
  const Ptr<GstMessage> end(gst_bus_timed_pop_filtered(
      bus.get(), GST_CLOCK_TIME_NONE, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
  CHECK(GST_MESSAGE_TYPE(end.get()) == GST_MESSAGE_EOS);
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  CHECK_FALSE(fake::overlapped);
  CHECK(fake::looks - looks_before == 2 * (kFrames - kDuplicates - 1));

  for (std::size_t i = 0; i < ids.size(); ++i) {
    CAPTURE(ids[i]);
    const std::vector<std::vector<std::uint8_t>> alone = marked_alone(properties(ids[i]), format);
    CHECK(outputs[i].frames == alone);
  }
}
