// Marks in Y, Cb and Cr, in every format.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/video/video.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>

#include "fake_model.hpp"
#include "plugins/common/video_frame.hpp"
#include "steg_harness.hpp"

using testing::caps_of;
using testing::Element;
using testing::make_frame;
using testing::mark_of;
using testing::Ptr;

namespace {

GstVideoInfo info_of(const std::string& format, int width, int height) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, gst_video_format_from_string(format.c_str()), static_cast<guint>(width),
                            static_cast<guint>(height));
  return info;
}

/// The ID that stegdecode reads from one frame; empty if none.
std::string decoded(Ptr<GstBuffer> frame, const std::string& caps, const char* extractor) {
  const testing::TemporaryFile model(extractor);
  Element decode("stegdecode", "model=" + model.path(), caps);
  decode.pass(std::move(frame));
  gst_harness_push_event(decode.harness(), gst_event_new_eos());
  const Ptr<GstMessage> message = decode.message(GST_MESSAGE_ELEMENT, "steg-decoded");
  return message ? gst_structure_get_string(gst_message_get_structure(message.get()), "id") : std::string();
}

Ptr<GstBuffer> copy_of(const Ptr<GstBuffer>& buffer) { return Ptr<GstBuffer>(gst_buffer_copy_deep(buffer.get())); }

}  // namespace

TEST_CASE("luma and both planes of chroma carry the mark, each by itself and together") {
  const std::string format = GENERATE(as<std::string>(), "I420", "YV12", "NV12", "NV21", "Y42B", "Y444", "GRAY8",
                                      "I420_10LE", "P010_10LE", "I422_10LE", "Y444_10LE");
  // An odd size has half samples of chroma at its edges; the tests below have an even one.
  constexpr int width = 321;
  constexpr int height = 241;
  CAPTURE(format);
  const testing::TemporaryFile model(fake::kPlanesEncoder);
  const std::string caps = caps_of(format, width, height);
  const GstVideoInfo info = info_of(format, width, height);
  Element encode("stegencode", "id=alice model=" + model.path(), caps);
  const Ptr<GstBuffer> marked = encode.pass(make_frame(0, format, width, height));
  CHECK(mark_of(marked.get())->id == "alice");
  CHECK(decoded(copy_of(marked), caps, fake::kPlanesExtractor) == "alice");
  // A reader of luma alone, too.
  CHECK(decoded(copy_of(marked), caps, fake::kDayExtractor) == "alice");

  const guint components = GST_VIDEO_INFO_N_COMPONENTS(&info);
  for (guint alone = 0; alone < components; ++alone) {
    CAPTURE(alone);
    Ptr<GstBuffer> wiped = copy_of(marked);
    for (guint component = 0; component < components; ++component)
      if (component != alone) testing::fill_component(wiped.get(), info, component, [](int, int) { return 128; });
    CHECK(decoded(std::move(wiped), caps, fake::kPlanesExtractor) == "alice");
  }
}

TEST_CASE("a grey copy of a mark in colour is read") {
  const testing::TemporaryFile model(fake::kPlanesEncoder);
  Element encode("stegencode", "id=alice model=" + model.path());
  const Ptr<GstBuffer> marked = encode.pass(make_frame(0));
  const std::vector<std::uint8_t> luma = testing::luma_of(marked.get());
  Ptr<GstBuffer> grey = make_frame(0, "GRAY8");
  gst_buffer_fill(grey.get(), 0, luma.data(), luma.size());
  CHECK(decoded(std::move(grey), caps_of("GRAY8"), fake::kPlanesExtractor) == "alice");
}

TEST_CASE("samples of 10 bits are marked at full depth") {
  const std::string format = GENERATE(as<std::string>(), "I420_10LE", "P010_10LE");
  const testing::TemporaryFile model(fake::kPlanesEncoder);
  // A twelfth of the amplitude is a third of a level: in 8 bits it would be rounded to nothing.
  Element encode("stegencode", "id=alice strength=0.0833 model=" + model.path(), caps_of(format));
  const GstVideoInfo info = info_of(format, testing::kWidth, testing::kHeight);
  Ptr<GstBuffer> flat = make_frame(0, format);
  for (guint component = 0; component < 3; ++component)
    testing::fill_component(flat.get(), info, component, [](int, int) { return 120; });
  Ptr<GstBuffer> marked = encode.pass(std::move(flat));
  for (guint component = 1; component < 3; ++component)
    testing::fill_component(marked.get(), info, component, [](int, int) { return 120; });
  CHECK(decoded(std::move(marked), caps_of(format), fake::kPlanesExtractor) == "alice");
}

TEST_CASE("duplicates carry the mark in colour, too") {
  const std::string on_duplicate = GENERATE(as<std::string>(), "repeat", "residual");
  const std::string format = GENERATE(as<std::string>(), "I420", "P010_10LE");
  const testing::TemporaryFile model(fake::kPlanesEncoder);
  const std::string caps = caps_of(format, 640, 360);
  const GstVideoInfo info = info_of(format, 640, 360);
  Element encode("stegencode", "id=alice epoch-origin=0 on-duplicate=" + on_duplicate + " model=" + model.path(), caps);
  for (int i = 0; i < 2; ++i) {
    Ptr<GstBuffer> frame = make_frame(i, format, 640, 360);
    testing::set_difference(frame.get(), i > 0, static_cast<guint64>(i + 1), 1);
    Ptr<GstBuffer> marked = encode.pass(std::move(frame));
    CHECK(mark_of(marked.get())->action == (i == 0 ? "encode" : on_duplicate));
    Ptr<GstBuffer> colour = copy_of(marked);
    testing::fill_component(colour.get(), info, 0, [](int, int) { return 128; });
    CHECK(decoded(std::move(colour), caps, fake::kPlanesExtractor) == "alice");
  }
}

TEST_CASE("an output in colour is read back") {
  const testing::TemporaryFile encoder(fake::kPlanesEncoder);
  const testing::TemporaryFile extractor(fake::kPlanesExtractor);
  const std::string format = GENERATE(as<std::string>(), "I420", "NV12", "Y444_10LE", "GRAY8");
  Element encode("stegencode",
                 "id=alice verify-interval=1 model=" + encoder.path() + " verify-model=" + extractor.path(),
                 caps_of(format, 640, 360));
  for (int i = 0; i < 10000 && encode.stat("verified") < 2; ++i) {
    encode.pass(make_frame(i, format, 640, 360));
    g_usleep(1000);
  }
  CHECK(encode.stat("verified") >= 2);
  CHECK(encode.stat("verify-failed") == 0);
}

TEST_CASE("a network of version 2 sets the strength alone: in motion, at a change of epoch and at any size") {
  const testing::TemporaryFile model(fake::kPlanesEncoder);
  // A pixel, and a sixth of it, for each cell.
  const int scale = GENERATE(1, 6);
  const int width = testing::kWidth * scale;
  const int height = testing::kHeight * scale;
  const std::string interval = GENERATE(as<std::string>(), "1", "2");
  const std::string format = GENERATE(as<std::string>(), "I420", "GRAY8");
  CAPTURE(scale, interval, format);
  Element encode(
      "stegencode",
      "id=alice epoch-origin=0 epoch-period=160000000 residual-interval=" + interval + " model=" + model.path(),
      caps_of(format, width, height));
  // Luma alone has four times as much, where there is no chroma. No pixel need be in the middle of a cell.
  const double expected = format == "GRAY8" ? 4 * fake::kAmplitude : fake::kAmplitude;
  for (int i = 0; i < 10; ++i) {
    Ptr<GstBuffer> frame = make_frame(i, format, width, height);
    const std::vector<std::uint8_t> before = testing::bytes_of(frame.get());
    const std::vector<std::uint8_t> after = testing::bytes_of(encode.pass(std::move(frame)).get());
    int most = 0;
    for (std::size_t p = 0; p < before.size(); ++p) most = std::max(most, std::abs(after[p] - before[p]));
    CHECK(most == Approx(expected).epsilon(0.08));
  }
}
