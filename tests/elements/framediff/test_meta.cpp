// What framediff says about frames, and that it leaves them as they are.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "framediff_harness.hpp"
#include "plugins/common/gststegmeta.h"

using namespace testing;
using pictures::Picture;

TEST_CASE("every field of the meta, through fresh frames and duplicates") {
  Framediff framediff;
  const Picture grey(64, 48, 90);
  Meta meta = framediff.judge(grey, 0);
  CHECK_FALSE(meta.duplicate);
  CHECK(meta.score == -1.0);
  CHECK(meta.run_length == 0);
  CHECK(meta.sequence == 1);
  CHECK(meta.reference == 1);
  for (guint i = 1; i < 5; ++i) {
    meta = framediff.judge(grey, i);
    CHECK(meta.duplicate);
    CHECK(meta.score == 0.0);
    CHECK(meta.run_length == i);
    CHECK(meta.sequence == i + 1);
    CHECK(meta.reference == 1);
  }
  meta = framediff.judge(Picture(64, 48, 200), 5);
  CHECK_FALSE(meta.duplicate);
  CHECK(meta.score == 110.0);
  CHECK(meta.run_length == 0);
  CHECK(meta.reference == 6);
}

TEST_CASE("all formats and odd sizes") {
  for (const std::string format :
       {"I420", "YV12", "NV12", "NV21", "Y42B", "Y444", "GRAY8", "I420_10LE", "P010_10LE", "I422_10LE", "Y444_10LE"}) {
    for (const auto& size : {std::pair{1, 1}, {17, 13}, {64, 48}, {8192, 16}, {3, 700}}) {
      CAPTURE(format, size.first, size.second);
      Framediff framediff("", caps_of(format, size.first, size.second));
      const Picture grey(size.first, size.second, 90);
      Picture corner = grey;
      pictures::fill(corner, size.first - 9, size.second - 9, 9, 9, 230);
      for (guint64 i = 0; i < 3; ++i) {
        REQUIRE(framediff.push(make_buffer(format, grey, i)) == GST_FLOW_OK);
        CHECK(meta_of(framediff.pull().get())->duplicate == (i > 0));
      }
      REQUIRE(framediff.push(make_buffer(format, corner, 3)) == GST_FLOW_OK);
      CHECK_FALSE(meta_of(framediff.pull().get())->duplicate);
    }
  }
}

TEST_CASE("other formats are refused") {
  Framediff framediff("", caps_of("RGB", 64, 48));
  CHECK(framediff.push(make_buffer("RGB", Picture(64, 48, 0), 0)) == GST_FLOW_NOT_NEGOTIATED);
}

TEST_CASE("a buffer of one's own goes on as it is; one that is shared is not touched") {
  Framediff framediff;
  const Picture picture = pictures::slide(64, 48);
  Ptr<GstBuffer> own = make_buffer("I420", picture, 0);
  const GstBuffer* const address = own.get();
  REQUIRE(framediff.push(std::move(own)) == GST_FLOW_OK);
  const Ptr<GstBuffer> out = framediff.pull();
  CHECK(out.get() == address);

  const Ptr<GstBuffer> kept = make_buffer("I420", picture, 1);
  REQUIRE(framediff.push(Ptr<GstBuffer>(gst_buffer_ref(kept.get()))) == GST_FLOW_OK);
  const Ptr<GstBuffer> copy = framediff.pull();
  CHECK(copy.get() != kept.get());
  CHECK(meta_of(copy.get()));
  CHECK_FALSE(meta_of(kept.get()));
  CHECK(gst_buffer_peek_memory(copy.get(), 0) == gst_buffer_peek_memory(kept.get(), 0));
  const Ptr<GstBuffer> before = make_buffer("I420", picture, 1);
  GstMapInfo map;
  REQUIRE(gst_buffer_map(before.get(), &map, GST_MAP_READ));
  CHECK(gst_buffer_memcmp(copy.get(), 0, map.data, map.size) == 0);
  gst_buffer_unmap(before.get(), &map);
}

TEST_CASE("no buffer is held back for comparing") {
  Framediff framediff;
  const Ptr<GstBuffer> kept = make_buffer("I420", Picture(64, 48, 90), 0);
  REQUIRE(framediff.push(Ptr<GstBuffer>(gst_buffer_ref(kept.get()))) == GST_FLOW_OK);
  framediff.pull();
  CHECK(GST_MINI_OBJECT_REFCOUNT_VALUE(kept.get()) == 1);
  CHECK(gst_memory_is_writable(gst_buffer_peek_memory(kept.get(), 0)));
}

TEST_CASE("rows may be further apart than they are long") {
  Framediff framediff("", caps_of("GRAY8", 60, 20));
  const Picture picture = pictures::slide(60, 20);
  REQUIRE(framediff.push(make_buffer("GRAY8", picture, 0)) == GST_FLOW_OK);
  framediff.pull();
  // The same picture on rows of 100 bytes, with other things between them.
  Ptr<GstBuffer> wide(gst_buffer_new_allocate(nullptr, 100 * 20, nullptr));
  gst_buffer_memset(wide.get(), 0, 255, 100 * 20);
  for (int y = 0; y < 20; ++y)
    gst_buffer_fill(wide.get(), static_cast<gsize>(100 * y), picture.plane().data + 60 * y, 60);
  gsize offsets[GST_VIDEO_MAX_PLANES] = {0};
  gint strides[GST_VIDEO_MAX_PLANES] = {100};
  gst_buffer_add_video_meta_full(wide.get(), GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_FORMAT_GRAY8, 60, 20, 1, offsets,
                                 strides);
  GST_BUFFER_PTS(wide.get()) = kFrame;
  REQUIRE(framediff.push(std::move(wide)) == GST_FLOW_OK);
  CHECK(meta_of(framediff.pull().get())->score == 0.0);
}

TEST_CASE("a verdict of another framediff is replaced") {
  Framediff framediff;
  Ptr<GstBuffer> buffer = make_buffer("I420", Picture(64, 48, 90), 0);
  GstStructure* fields = gst_steg_meta_ensure(buffer.get(), GST_FRAME_DIFFERENCE_META_NAME);
  gst_structure_set(fields, "score", G_TYPE_DOUBLE, 99.0, "duplicate", G_TYPE_BOOLEAN, TRUE, nullptr);
  REQUIRE(framediff.push(std::move(buffer)) == GST_FLOW_OK);
  const Ptr<GstBuffer> out = framediff.pull();
  CHECK_FALSE(meta_of(out.get())->duplicate);
  guint metas = 0;
  gpointer state = nullptr;
  while (gst_buffer_iterate_meta(out.get(), &state)) ++metas;
  CHECK(metas == 1);
}

TEST_CASE("a buffer too small for its caps stops the stream with an error") {
  Framediff framediff;
  Ptr<GstBuffer> small(gst_buffer_new_allocate(nullptr, 10, nullptr));
  CHECK(framediff.push(std::move(small)) == GST_FLOW_ERROR);
  const Ptr<GstMessage> message = framediff.message(GST_MESSAGE_ERROR);
  REQUIRE(message);
  GError* raw = nullptr;
  gst_message_parse_error(message.get(), &raw, nullptr);
  const Ptr<GError> error(raw);
  CHECK(g_error_matches(error.get(), GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED));
  CHECK_THAT(error->message, Catch::Contains("smaller than its caps say"));
}

TEST_CASE("gap buffers: judged if they have a picture, passed on if they are empty") {
  Framediff framediff;
  const Picture grey(64, 48, 90);
  framediff.judge(grey, 0);
  Ptr<GstBuffer> gap = make_buffer("I420", grey, 1);
  GST_BUFFER_FLAG_SET(gap.get(), GST_BUFFER_FLAG_GAP);
  REQUIRE(framediff.push(std::move(gap)) == GST_FLOW_OK);
  CHECK(meta_of(framediff.pull().get())->duplicate);
  Ptr<GstBuffer> empty(gst_buffer_new());
  GST_BUFFER_PTS(empty.get()) = 2 * kFrame;
  GST_BUFFER_FLAG_SET(empty.get(), GST_BUFFER_FLAG_GAP);
  REQUIRE(framediff.push(std::move(empty)) == GST_FLOW_OK);
  CHECK_FALSE(meta_of(framediff.pull().get()));
  CHECK(framediff.judge(grey, 3).duplicate);
}
