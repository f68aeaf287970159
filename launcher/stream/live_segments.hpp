// Positions of A/B segments that are made while a stream runs, and the names of their files.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "plugins/common/gst_ptr.hpp"
#include "segment_clock.hpp"

namespace launcher {

/// hlssink2 counts its files from 0 in every run, and begins the next one when the last is long enough. Here the number
/// in a file's name is the position that its first frame was marked with, and what has no mark, the sound, is cut at
/// the same times. A stream that comes back goes on with positions that no run before it has used.
class LiveSegments {
 public:
  /// Tells each stegencode that marks segments where to begin, and takes over the names of each hlssink2, of whose
  /// location the folder and the ending stay. The bin must be in NULL. Throws ConfigError if there is nothing of the
  /// kind, or if the elements differ in the duration of segments or it is under a second.
  explicit LiveSegments(GstBin* bin);
  /// The bin must be in NULL again.
  ~LiveSegments();
  LiveSegments(const LiveSegments&) = delete;
  LiveSegments& operator=(const LiveSegments&) = delete;

 private:
  struct Sink {
    const LiveSegments* owner;
    gststeg::Ptr<GstElement> hls;       ///< the hlssink2
    gststeg::Ptr<GstElement> splitter;  ///< the splitmuxsink in it
    std::string folder;                 ///< with its slash
    std::string ending;                 ///< with its dot
    gulong file_signal = 0;
    gulong pad_signal = 0;
    std::uint64_t border =
        0;  ///< running time, the last that the splitter was told; used by the streaming thread alone
  };
  static gchar* on_next_file(GstElement* splitter, guint count, GstSample* first, gpointer sink);
  static void on_pad(GstElement* hls, GstPad* pad, gpointer sink);
  static GstPadProbeReturn on_data(GstPad* pad, GstPadProbeInfo* info, gpointer sink);
  void take_over(GstElement* hls);

  SegmentClock clock_;
  std::vector<std::unique_ptr<Sink>> sinks_;
};

}  // namespace launcher
