// Stops a picture that is too large before it is decoded.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <atomic>
#include <cstdint>
#include <string>

namespace trace {

/// Must outlive the decoders that it watches.
class PictureLimit {
 public:
  explicit PictureLimit(std::int64_t most_pixels) : most_(most_pixels) {}

  /// A decoder tells the size of what comes, and then asks for memory. The first that tells of too many pixels waits
  /// there until its pipeline is taken down, so that it asks for none. Does nothing for elements that are no decoders.
  void watch(GstElement* decoder);

  /// A size that is known before there is a decoder.
  void look_at(const GstCaps* caps);
  void look_at(std::int64_t width, std::int64_t height);

  bool exceeded() const { return width_ != 0; }
  /// What to tell people; only if exceeded().
  std::string fault() const;

 private:
  static GstPadProbeReturn on_event(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static void hold(GstPad* pad);

  std::int64_t most_;
  std::atomic<std::int64_t> height_{0};
  std::atomic<std::int64_t> width_{0};  ///< of what is too large; 0: nothing was
};

}  // namespace trace
