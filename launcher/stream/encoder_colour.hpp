// Makes x264enc say of range and colours what its input says.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <mutex>
#include <string>

#include "plugins/common/gst_ptr.hpp"
#include "video_signal.hpp"

namespace launcher {

/// x264enc (GStreamer 1.22) writes defaults where its input's caps leave something open, and the range of the defaults
/// with them: a picture of full range is then shown with the wrong contrast. So the caps and the sequence parameter
/// sets that leave the encoder are corrected.
class EncoderColour {
 public:
  /// The bin must be in NULL. Does nothing for encoders of other formats than H.264.
  EncoderColour(GstBin* bin, const std::string& encoder);
  /// The pipeline must be in NULL again.
  ~EncoderColour();
  EncoderColour(const EncoderColour&) = delete;
  EncoderColour& operator=(const EncoderColour&) = delete;

 private:
  static GstPadProbeReturn before_encoder(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn after_encoder(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  void read(GstCaps* caps);
  gststeg::Ptr<GstCaps> corrected(GstCaps* caps) const;
  gststeg::Ptr<GstBuffer> corrected(GstBuffer* buffer, bool byte_stream) const;

  gststeg::Ptr<GstPad> sink_;
  gststeg::Ptr<GstPad> source_;
  gulong sink_probe_ = 0;
  gulong source_probe_ = 0;

  mutable std::mutex mutex_;  ///< guards what follows
  VideoSignal signal_;
  std::string colorimetry_;  ///< as in the caps; empty: none
};

}  // namespace launcher
