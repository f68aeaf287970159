// Drives a real framediff element with drawn frames.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pictures.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace testing {

using gststeg::Ptr;

constexpr GstClockTime kFrame = 40 * GST_MSECOND;

std::string caps_of(const std::string& format, int width, int height, const std::string& framerate = "25/1");

/// A buffer of frame number `index` at 25 fps whose luma is `picture`; other planes are 128.
Ptr<GstBuffer> make_buffer(const std::string& format, const pictures::Picture& picture, guint64 index);

/// The fields of GstFrameDifferenceMeta.
struct Meta {
  double score;
  bool duplicate;
  guint run_length;
  guint64 sequence;
  guint64 reference;
};

std::optional<Meta> meta_of(GstBuffer* buffer);

class Framediff {
 public:
  /// `properties` in gst-launch syntax.
  explicit Framediff(const std::string& properties = "", const std::string& caps = caps_of("I420", 64, 48));

  GstHarness* harness() const { return harness_.get(); }
  GstElement* element() const { return element_.get(); }
  void set_caps(const std::string& caps) { gst_harness_set_src_caps_str(harness_.get(), caps.c_str()); }

  /// Pushes; the flow return.
  GstFlowReturn push(Ptr<GstBuffer> buffer) { return gst_harness_push(harness_.get(), buffer.release()); }
  GstFlowReturn push(const pictures::Picture& picture, guint64 index) {
    return push(make_buffer("I420", picture, index));
  }
  /// The next buffer that came out, or null.
  Ptr<GstBuffer> pull() { return Ptr<GstBuffer>(gst_harness_try_pull(harness_.get())); }
  /// Pushes a frame and gives the meta that it comes out with; fails the test if none comes.
  Meta judge(const pictures::Picture& picture, guint64 index);
  /// The next message of that type from the element's bus, or null.
  Ptr<GstMessage> message(GstMessageType type) { return Ptr<GstMessage>(gst_bus_pop_filtered(bus_.get(), type)); }
  Ptr<GstStructure> stats() const;
  /// To NULL and back to PLAYING, then the events that begin a stream.
  void restart();

 private:
  struct Teardown {
    void operator()(GstHarness* harness) const { gst_harness_teardown(harness); }
  };
  std::unique_ptr<GstHarness, Teardown> harness_;
  Ptr<GstElement> element_;
  Ptr<GstBus> bus_;
};

}  // namespace testing
