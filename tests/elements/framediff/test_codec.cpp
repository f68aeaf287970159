// Through a real encoder and decoder: a slide with a cursor that moves and then rests.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/gst.h>

#include <catch2/catch.hpp>

#include "framediff_harness.hpp"

using namespace testing;
using pictures::Picture;

namespace {

constexpr int kMoving = 25;
constexpr int kResting = 65;

/// The verdicts on `kMoving + kResting` frames of a 720p slide coded with that quantizer and a key frame every 20
/// frames.
std::vector<Meta> verdicts(int quantizer) {
  GError* raw_error = nullptr;
  const Ptr<GstElement> encoder(gst_parse_bin_from_description(
      ("x264enc speed-preset=veryfast tune=zerolatency bframes=0 threads=1 pass=qual key-int-max=20 quantizer=" +
       std::to_string(quantizer) + " ! h264parse ! avdec_h264 max-threads=1 ! framediff max-hold=18446744073709551615")
          .c_str(),
      TRUE, &raw_error));
  const Ptr<GError> error(raw_error);
  REQUIRE_FALSE(error);
  gst_object_ref_sink(encoder.get());
  GstHarness* harness = gst_harness_new_with_element(encoder.get(), "sink", "src");
  gst_harness_set_src_caps_str(harness, caps_of("I420", 1280, 720).c_str());
  const Picture slide = pictures::slide(1280, 720);
  for (int i = 0; i < kMoving + kResting; ++i) {
    Picture frame = slide;
    const int step = std::min(i, kMoving - 1);
    pictures::draw_cursor(frame, 100 + 3 * step, 60 + 2 * step);
    REQUIRE(gst_harness_push(harness, make_buffer("I420", frame, static_cast<guint64>(i)).release()) == GST_FLOW_OK);
  }
  REQUIRE(gst_harness_push_event(harness, gst_event_new_eos()));
  std::vector<Meta> result;
  while (static_cast<int>(result.size()) < kMoving + kResting) {
    const Ptr<GstBuffer> buffer(gst_harness_pull(harness));
    REQUIRE(buffer);
    result.push_back(*meta_of(buffer.get()));
  }
  gst_harness_teardown(harness);
  return result;
}

}  // namespace

TEST_CASE("a moving cursor is motion, a resting slide is not, through x264 and its key frames") {
  for (const int quantizer : {23, 28, 33}) {
    const std::vector<Meta> metas = verdicts(quantizer);
    for (int i = 0; i < kMoving + kResting; ++i) {
      const Meta& meta = metas[static_cast<std::size_t>(i)];
      CAPTURE(quantizer, i, meta.score);
      CHECK(meta.duplicate == (i >= kMoving));
    }
  }
}
