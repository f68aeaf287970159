// Looks at what reaches a pipeline's flvdemux, so that people are told what it does not know.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <mutex>
#include <string>

#include "launcher/playback/flv_source.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace launcher {

/// Tags that flvdemux does not know do not reach it: it would end the stream without saying why.
class FlvWatch {
 public:
  /// Watches nothing if the bin has no flvdemux. The bin must be in NULL.
  explicit FlvWatch(GstBin* bin);
  /// The bin must be in NULL again.
  ~FlvWatch();
  FlvWatch(const FlvWatch&) = delete;
  FlvWatch& operator=(const FlvWatch&) = delete;

  /// False as long as only a server's greeting has come to an flvdemux.
  bool has_media() const;

  /// A sentence that says why there can be no picture, and what to do; empty if nothing is known against it.
  std::string picture_problem() const;

  /// The same for sound.
  std::string sound_problem() const;

 private:
  static GstPadProbeReturn on_data(GstPad* pad, GstPadProbeInfo* info, gpointer self);

  gststeg::Ptr<GstPad> pad_;
  gulong probe_ = 0;
  mutable std::mutex mutex_;  ///< guards what follows
  FlvSource source_;
  gint64 announced_at_ = 0;  ///< monotonic time, microseconds; 0: no picture was announced that cannot be read
};

}  // namespace launcher
