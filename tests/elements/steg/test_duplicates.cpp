// stegencode with framediff before it: what is repeated, and what is not.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "fake_model.hpp"
#include "steg_harness.hpp"

using testing::bytes_of;
using testing::Element;
using testing::kFrame;
using testing::make_frame;
using testing::mark_of;
using testing::Ptr;
using testing::read_id;
using testing::test_key;

namespace {

/// Frame `index` with framediff's meta: a duplicate if its reference is another one.
Ptr<GstBuffer> frame(int index, guint64 sequence, guint64 reference) {
  Ptr<GstBuffer> buffer = make_frame(index);
  testing::set_difference(buffer.get(), sequence != reference, sequence, reference);
  return buffer;
}

std::string action(Element& encode, Ptr<GstBuffer> buffer) {
  const Ptr<GstBuffer> marked = encode.pass(std::move(buffer));
  CHECK(read_id(marked.get(), test_key()) == mark_of(marked.get())->id);
  return mark_of(marked.get())->action;
}

}  // namespace

TEST_CASE("repeat sends the last output again, with the time stamps of the duplicate") {
  Element encode("stegencode", "id=alice on-duplicate=repeat");
  fake::residuals = 0;
  const Ptr<GstBuffer> first = encode.pass(frame(0, 1, 1));
  const Ptr<GstBuffer> second = encode.pass(frame(1, 2, 1));
  const Ptr<GstBuffer> third = encode.pass(frame(2, 3, 1));
  CHECK(fake::residuals == 1);
  CHECK(mark_of(second.get())->action == "repeat");
  CHECK(mark_of(third.get())->action == "repeat");
  CHECK(bytes_of(second.get()) == bytes_of(first.get()));
  CHECK(bytes_of(third.get()) == bytes_of(first.get()));
  CHECK(GST_BUFFER_PTS(third.get()) == 2 * kFrame);
  CHECK(action(encode, frame(3, 4, 4)) == "encode");
  CHECK(encode.stat("repeated") == 2);
  CHECK(encode.stat("encoded") == 2);
}

TEST_CASE("repeat copies nothing, and those who write to a repeated frame get their own") {
  Element encode("stegencode", "id=alice on-duplicate=repeat");
  const Ptr<GstBuffer> first = encode.pass(frame(0, 1, 1));
  const std::vector<std::uint8_t> marked = bytes_of(first.get());
  Ptr<GstBuffer> second = encode.pass(frame(1, 2, 1));
  CHECK(gst_buffer_peek_memory(second.get(), 0) == gst_buffer_peek_memory(first.get(), 0));
  second.reset(gst_buffer_make_writable(second.release()));
  gst_buffer_memset(second.get(), 0, 0, 1000);
  CHECK(bytes_of(second.get()) != marked);
  CHECK(bytes_of(first.get()) == marked);
  CHECK(bytes_of(encode.pass(frame(2, 3, 1)).get()) == marked);
}

TEST_CASE("A repeated frame says where its own planes lie") {
  Element encode("stegencode", "id=alice on-duplicate=repeat");
  const Ptr<GstBuffer> first = encode.pass(frame(0, 1, 1));
  Ptr<GstBuffer> padded = frame(1, 2, 1);
  gsize offset[GST_VIDEO_MAX_PLANES] = {0, 100000, 200000};
  gint stride[GST_VIDEO_MAX_PLANES] = {320, 160, 160};
  gst_buffer_append_memory(padded.get(), gst_allocator_alloc(nullptr, 300000, nullptr));
  gst_buffer_add_video_meta_full(padded.get(), GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_FORMAT_I420, testing::kWidth,
                                 testing::kHeight, 3, offset, stride);
  const Ptr<GstBuffer> second = encode.pass(std::move(padded));
  CHECK(mark_of(second.get())->action == "repeat");
  CHECK(gst_buffer_get_video_meta(second.get()) == nullptr);
  CHECK(bytes_of(second.get()) == bytes_of(first.get()));
  CHECK(read_id(second.get(), test_key()) == "alice");
}

TEST_CASE("residual adds the last residual to the duplicate") {
  Element encode("stegencode", "id=alice on-duplicate=residual");
  fake::residuals = 0;
  const std::vector<std::uint8_t> first_before = testing::luma_of(make_frame(0).get());
  const std::vector<std::uint8_t> first_after = testing::luma_of(encode.pass(frame(0, 1, 1)).get());
  const Ptr<GstBuffer> plain = make_frame(1);
  const Ptr<GstBuffer> marked = encode.pass(frame(1, 2, 1));
  CHECK(fake::residuals == 1);
  CHECK(mark_of(marked.get())->action == "residual");
  CHECK(read_id(marked.get(), test_key()) == "alice");
  const std::vector<std::uint8_t> before = testing::luma_of(plain.get());
  const std::vector<std::uint8_t> after = testing::luma_of(marked.get());
  bool by_residual = true;
  for (std::size_t i = 0; i < before.size(); ++i)
    by_residual = by_residual && after[i] - before[i] == first_after[i] - first_before[i];
  CHECK(by_residual);
  CHECK(after != before);
  CHECK(encode.stat("residual") == 1);
}

TEST_CASE("encode makes no difference of duplicates") {
  Element encode("stegencode", "id=alice on-duplicate=encode");
  CHECK(action(encode, frame(0, 1, 1)) == "encode");
  CHECK(action(encode, frame(1, 2, 1)) == "encode");
}

TEST_CASE("without framediff every frame is encoded") {
  Element encode("stegencode", "id=alice");
  CHECK(action(encode, make_frame(0)) == "encode");
  CHECK(action(encode, make_frame(0)) == "encode");
  // And a duplicate of a frame that had no meta is none.
  CHECK(action(encode, frame(0, 2, 1)) == "encode");
}

TEST_CASE("a duplicate is honoured only if all is as it was") {
  const std::string mode = GENERATE(as<std::string>(), "repeat", "residual");
  Element encode("stegencode", "id=alice epoch-period=1000000000 on-duplicate=" + mode);
  REQUIRE(action(encode, frame(0, 1, 1)) == "encode");
  REQUIRE(action(encode, frame(1, 2, 1)) == mode);

  SECTION("the ID changed") {
    g_object_set(encode.get(), "id", "bob", nullptr);
    CHECK(action(encode, frame(2, 3, 1)) == "encode");
    // Later duplicates of the same frame repeat the one that was encoded for the new ID.
    CHECK(action(encode, frame(3, 4, 1)) == mode);
    g_object_set(encode.get(), "id", "alice", nullptr);
    CHECK(action(encode, frame(4, 5, 1)) == "encode");
  }
  SECTION("the epoch changed") {
    CHECK(action(encode, frame(25, 3, 1)) == "encode");
    CHECK(action(encode, frame(26, 4, 1)) == mode);
  }
  SECTION("the strength changed") {
    g_object_set(encode.get(), "strength", 1.5F, nullptr);
    CHECK(action(encode, frame(2, 3, 1)) == "encode");
    CHECK(action(encode, frame(3, 4, 1)) == mode);
  }
  SECTION("the frame it repeats was dropped on the way") {
    CHECK(action(encode, frame(2, 4, 3)) == "encode");
    CHECK(action(encode, frame(3, 5, 3)) == mode);
  }
  SECTION("a new segment began") {
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    gst_harness_push_event(encode.harness(), gst_event_new_segment(&segment));
    CHECK(action(encode, frame(2, 3, 1)) == "encode");
  }
  SECTION("the caps changed") {
    encode.set_caps(testing::caps_of("I420", testing::kWidth, testing::kHeight, "50/1"));
    CHECK(action(encode, frame(2, 3, 1)) == "encode");
  }
  SECTION("the frame is a discontinuity") {
    Ptr<GstBuffer> buffer = frame(2, 3, 1);
    GST_BUFFER_FLAG_SET(buffer.get(), GST_BUFFER_FLAG_DISCONT);
    CHECK(action(encode, std::move(buffer)) == "encode");
  }
  SECTION("the pipeline was flushed") {
    gst_harness_push_event(encode.harness(), gst_event_new_flush_start());
    gst_harness_push_event(encode.harness(), gst_event_new_flush_stop(TRUE));
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    gst_harness_push_event(encode.harness(), gst_event_new_segment(&segment));
    CHECK(action(encode, frame(2, 3, 1)) == "encode");
  }
  SECTION("the mode changed to one that has nothing to go by") {
    g_object_set(encode.get(), "on-duplicate", 2, nullptr);
    CHECK(action(encode, frame(2, 3, 1)) == "encode");
    g_object_set(encode.get(), "on-duplicate", mode == "repeat" ? 0 : 1, nullptr);
    CHECK(action(encode, frame(3, 4, 1)) == "encode");
  }
}

TEST_CASE("a repeated output is not that of a picture kept for another mode") {
  Element encode("stegencode", "id=alice on-duplicate=residual");
  encode.pass(frame(0, 1, 1));
  g_object_set(encode.get(), "on-duplicate", 0, nullptr);
  // Only the residual was kept, no picture.
  CHECK(action(encode, frame(1, 2, 1)) == "encode");
  CHECK(action(encode, frame(2, 3, 1)) == "repeat");
}
