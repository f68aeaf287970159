// Formats, sizes, changes in mid-stream, and buffers that cannot be marked.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/video/video.h>

#include <catch2/catch.hpp>
#include <cstring>

#include "fake_model.hpp"
#include "plugins/common/gststegmeta.h"
#include "plugins/common/video_frame.hpp"
#include "steg_harness.hpp"

using Catch::Contains;
using testing::bytes_of;
using testing::caps_of;
using testing::Element;
using testing::make_frame;
using testing::mark_of;
using testing::Ptr;
using testing::read_id;
using testing::test_key;

TEST_CASE("by a network of luma alone all formats are marked in place, and chroma stays") {
  const std::string format = GENERATE(as<std::string>(), "I420", "YV12", "NV12", "NV21", "Y42B", "Y444", "GRAY8",
                                      "I420_10LE", "P010_10LE", "I422_10LE", "Y444_10LE");
  Element encode("stegencode", "id=alice", caps_of(format));
  const std::vector<std::uint8_t> plain = bytes_of(make_frame(0, format).get());
  const Ptr<GstBuffer> output = encode.pass(make_frame(0, format));
  const std::vector<std::uint8_t> marked = bytes_of(output.get());
  REQUIRE(marked.size() == plain.size());
  const std::size_t sample = format.find("10") == std::string::npos ? 1 : 2;
  const std::size_t luma = sample * testing::kWidth * testing::kHeight;
  CHECK(std::memcmp(plain.data(), marked.data(), luma) != 0);
  CHECK(std::memcmp(plain.data() + luma, marked.data() + luma, plain.size() - luma) == 0);
}

TEST_CASE("odd sizes") {
  const auto [width, height] = GENERATE(table<int, int>({{321, 241}, {64, 64}, {65, 200}, {401, 1203}}));
  Element encode("stegencode", "id=alice on-duplicate=repeat", caps_of("I420", width, height));
  Ptr<GstBuffer> fresh = make_frame(0, "I420", width, height);
  testing::set_difference(fresh.get(), false, 1, 1);
  const Ptr<GstBuffer> marked = encode.pass(std::move(fresh));
  CHECK(mark_of(marked.get())->action == "encode");
  Ptr<GstBuffer> duplicate = make_frame(1, "I420", width, height);
  testing::set_difference(duplicate.get(), true, 2, 1);
  const Ptr<GstBuffer> repeated = encode.pass(std::move(duplicate));
  CHECK(mark_of(repeated.get())->action == "repeat");
  CHECK(testing::luma_of(repeated.get(), width, height) == testing::luma_of(marked.get(), width, height));
}

TEST_CASE("sizes that no mark fits get one clear error, and no frame passes") {
  const auto [factory, width, height] = GENERATE(table<std::string, int, int>({{"stegencode", 1, 1},
                                                                               {"stegencode", 17, 13},
                                                                               {"stegencode", 8192, 16},
                                                                               {"stegencode", 2000, 400},
                                                                               {"stegdecode", 17, 13}}));
  Element element(factory, factory == "stegencode" ? "id=alice" : "", "");
  gst_harness_set_src_caps_str(element.harness(), caps_of("I420", width, height).c_str());
  CHECK(element.push(make_frame(0, "I420", width, height)) == GST_FLOW_NOT_NEGOTIATED);
  CHECK_FALSE(Ptr<GstBuffer>(gst_harness_try_pull(element.harness())));
  const std::string error = element.only_error(GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT);
  CHECK_THAT(error, Contains(std::to_string(width) + "x" + std::to_string(height)));
}

TEST_CASE("formats without a luma plane of 8 or 10 bits are not negotiated") {
  const std::string format = GENERATE(as<std::string>(), "RGB", "YUY2", "I420_12LE", "GRAY16_LE", "A420");
  Element encode("stegencode", "id=alice", "");
  const Ptr<GstCaps> caps(gst_caps_from_string(caps_of(format).c_str()));
  const Ptr<GstPad> pad(gst_element_get_static_pad(encode.get(), "sink"));
  CHECK_FALSE(gst_pad_query_accept_caps(pad.get(), caps.get()));
}

TEST_CASE("a size that changes in mid-stream") {
  Element encode("stegencode", "id=alice");
  CHECK(read_id(encode.pass(make_frame(0)).get(), test_key()) == "alice");
  encode.set_caps(caps_of("I420", 640, 360));
  CHECK(read_id(encode.pass(make_frame(1, "I420", 640, 360)).get(), test_key(), 640, 360) == "alice");
  g_object_set(encode.get(), "id", "bob", nullptr);
  encode.set_caps(caps_of("NV12", 320, 640));
  CHECK(read_id(encode.pass(make_frame(2, "NV12", 320, 640)).get(), test_key(), 320, 640) == "bob");
  encode.set_caps(caps_of());
  CHECK(read_id(encode.pass(make_frame(3)).get(), test_key()) == "bob");
  CHECK(encode.stat("encoded") == 4);
}

TEST_CASE("a frame that cannot be marked ends the stream") {
  Element encode("stegencode", "id=alice");
  encode.pass(make_frame(0));
  Ptr<GstBuffer> bad = make_frame(1);
  SECTION("too small for its caps") { gst_buffer_set_size(bad.get(), 1000); }
  SECTION("empty") { gst_buffer_set_size(bad.get(), 0); }
  SECTION("of another size than its caps") {
    gst_buffer_add_video_meta(bad.get(), GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_FORMAT_I420, 144, 108);
  }
  CHECK(encode.push(std::move(bad)) == GST_FLOW_ERROR);
  CHECK_FALSE(Ptr<GstBuffer>(gst_harness_try_pull(encode.harness())));
  CHECK_THAT(encode.only_error(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED), Contains("unmarked frames are not sent"));
}

TEST_CASE("an encoder that fails ends the stream") {
  const testing::TemporaryFile model(fake::kFailingEncoder);
  Element encode("stegencode", "id=alice model=" + model.path());
  encode.pass(make_frame(0));
  CHECK(encode.push(make_frame(1)) == GST_FLOW_ERROR);
  CHECK_FALSE(Ptr<GstBuffer>(gst_harness_try_pull(encode.harness())));
  CHECK_THAT(encode.only_error(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED), Contains("not finite"));
}

TEST_CASE("a buffer that others hold is not changed for them") {
  Element encode("stegencode", "id=alice");
  const Ptr<GstBuffer> held = make_frame(0);
  const std::vector<std::uint8_t> before = bytes_of(held.get());

  SECTION("the buffer itself") {
    const Ptr<GstBuffer> marked = encode.pass(Ptr<GstBuffer>(gst_buffer_ref(held.get())));
    CHECK(read_id(marked.get(), test_key()) == "alice");
  }
  SECTION("its memory") {
    const Ptr<GstBuffer> marked = encode.pass(Ptr<GstBuffer>(gst_buffer_copy(held.get())));
    CHECK(read_id(marked.get(), test_key()) == "alice");
  }
  CHECK(bytes_of(held.get()) == before);
  CHECK_FALSE(mark_of(held.get()));
}

TEST_CASE("a frame flagged as a gap is marked like any other") {
  Element encode("stegencode", "id=alice");
  Ptr<GstBuffer> gap = make_frame(0);
  GST_BUFFER_FLAG_SET(gap.get(), GST_BUFFER_FLAG_GAP);
  CHECK(read_id(encode.pass(std::move(gap)).get(), test_key()) == "alice");
}

TEST_CASE("framediff's meta stays on the marked frame") {
  Element encode("stegencode", "id=alice");
  Ptr<GstBuffer> buffer = make_frame(0);
  testing::set_difference(buffer.get(), false, 7, 7);
  const Ptr<GstBuffer> held(gst_buffer_ref(buffer.get()));  // so that the element must copy
  const Ptr<GstBuffer> marked = encode.pass(std::move(buffer));
  CHECK(gst_steg_meta_get(marked.get(), GST_FRAME_DIFFERENCE_META_NAME));
}

TEST_CASE("rows with padding") {
  Element encode("stegencode", "id=alice");
  gsize offsets[GST_VIDEO_MAX_PLANES] = {0, 320 * 216, 320 * 216 + 160 * 108};
  gint strides[GST_VIDEO_MAX_PLANES] = {320, 160, 160};
  Ptr<GstBuffer> buffer(gst_buffer_new_allocate(nullptr, 320 * 216 * 3 / 2, nullptr));
  gst_buffer_memset(buffer.get(), 0, 77, 320 * 216 * 3 / 2);
  gst_buffer_add_video_meta_full(buffer.get(), GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_FORMAT_I420, testing::kWidth,
                                 testing::kHeight, 3, offsets, strides);
  GST_BUFFER_PTS(buffer.get()) = 0;
  const Ptr<GstBuffer> marked = encode.pass(std::move(buffer));
  CHECK(read_id(marked.get(), test_key()) == "alice");
  const std::vector<std::uint8_t> bytes = bytes_of(marked.get());
  bool padding_untouched = true;
  for (std::size_t y = 0; y < 216; ++y)
    for (std::size_t x = testing::kWidth; x < 320; ++x) padding_untouched &= bytes[y * 320 + x] == 77;
  CHECK(padding_untouched);
}

TEST_CASE("with residual-interval the network runs for one frame of so many, and for every cut, ID and epoch") {
  Element encode("stegencode", "id=alice residual-interval=3 epoch-period=400000000");
  const auto action = [&](Ptr<GstBuffer> frame) {
    const Ptr<GstBuffer> marked = encode.pass(std::move(frame));
    CHECK(read_id(marked.get(), test_key()) == mark_of(marked.get())->id);
    return mark_of(marked.get())->action;
  };
  std::string actions;
  for (int i = 0; i < 7; ++i) actions += action(make_frame(i)).front();
  CHECK(actions == "eerrerr");  // a key frame's residual serves no other
  g_object_set(encode.get(), "id", "bob", nullptr);
  CHECK(action(make_frame(7)) == "encode");
  CHECK(action(make_frame(8)) == "encode");
  // Twenty pictures on, luma differs by 20 levels: a cut.
  for (int i = 9; i <= 10; ++i) {
    Ptr<GstBuffer> frame = make_frame(i + 20);
    GST_BUFFER_PTS(frame.get()) = static_cast<GstClockTime>(i) * testing::kFrame;
    CHECK(action(std::move(frame)) == "encode");  // the second of them begins an epoch
  }
  CHECK(encode.stat("encoded") == 7);
  CHECK(encode.stat("residual") == 4);
}
