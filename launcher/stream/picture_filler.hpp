// Encodes the last frame again while the source's picture pauses and its sound goes on.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <mutex>

#include "launcher/config/launch_config.hpp"
#include "picture_pause.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace launcher {

/// flvmux waits for both: without a picture the sound would stand still, and with full queues the demuxer too. What is
/// encoded again has passed the mark's element before, so that no unmarked frame can come of it.
class PictureFiller {
 public:
  /// Does nothing in a bin without an flvdemux. The bin must be in NULL.
  PictureFiller(GstBin* bin, const RateSettings& settings);
  /// The bin must be in NULL again.
  ~PictureFiller();
  PictureFiller(const PictureFiller&) = delete;
  PictureFiller& operator=(const PictureFiller&) = delete;

 private:
  static void on_pad_added(GstElement* demuxer, GstPad* pad, gpointer self);
  static GstPadProbeReturn on_picture(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn on_sound(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn before_encoder(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  gststeg::Ptr<GstBuffer> due(std::int64_t time);

  gststeg::Ptr<GstElement> demuxer_;
  gststeg::Ptr<GstPad> sink_;  ///< the encoder's
  gulong signal_ = 0;
  gulong probe_ = 0;
  bool repeating_ = false;  ///< guarded by the stream lock of sink_

  std::mutex mutex_;  ///< guards what follows
  PicturePause pause_;
  gststeg::Ptr<GstBuffer> last_;
};

}  // namespace launcher
