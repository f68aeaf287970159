// Applies the rate policy to an encoder in a running pipeline.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <atomic>
#include <mutex>

#include "launcher/config/launch_config.hpp"
#include "plugins/common/gst_ptr.hpp"
#include "rate_policy.hpp"
#include "told_rate.hpp"

namespace launcher {

/// Asks the encoder for a key frame every key_interval seconds of stream time, and corrects its bit rate when the
/// measured frame rate differs from the one in its caps. The encoder's own key-int-max cannot change while it runs.
/// With follow_level it is told another rate than the caps have, where its H.264 level would be another.
class EncoderRate {
 public:
  /// Throws ConfigError if the bin has no such encoder. The bin must be in NULL.
  EncoderRate(GstBin* bin, const RateSettings& settings);
  /// The pipeline must be in NULL again.
  ~EncoderRate();
  EncoderRate(const EncoderRate&) = delete;
  EncoderRate& operator=(const EncoderRate&) = delete;

  /// Call this when `framediff` has measured a frame rate.
  void set_measured_rate(double frames_per_second);

  /// Frames that have left the encoder.
  std::uint64_t frames_out() const { return frames_out_; }

  /// Makes the next frame a key frame, from any thread.
  void request_key_frame();

 private:
  static GstPadProbeReturn before_encoder(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn after_encoder(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  void read_caps(GstPadProbeInfo* info);
  gststeg::Ptr<GstCaps> note_rate(GstCaps* caps);
  /// The caps with the rate that the encoder is to be told.
  gststeg::Ptr<GstCaps> with_told_rate(GstCaps* caps) const;
  void tell_new_rate();
  void apply();

  gststeg::Ptr<GstElement> encoder_;
  gststeg::Ptr<GstPad> sink_;
  gststeg::Ptr<GstPad> source_;
  gulong sink_probe_ = 0;
  gulong source_probe_ = 0;
  bool follow_level_;
  bool telling_ = false;  ///< guarded by the stream lock of sink_

  /// A property of the encoder that is corrected. If somebody else sets it, that is the wanted value from then on.
  struct Corrected {
    const char* name;
    guint wanted = 0;  ///< 0: the encoder has none
    guint set = 0;     ///< by us
    void adopt(GstElement* encoder);
    void correct(GstElement* encoder, guint value);
  };
  std::mutex applying_;  ///< guards these two
  Corrected bitrate_{"bitrate"};
  Corrected buffer_{"vbv-buf-capacity"};

  std::atomic<std::uint64_t> frames_out_{0};

  std::mutex mutex_;  ///< guards what follows; never held while calling into the encoder
  KeyFrameSchedule schedule_;
  double caps_rate_ = 0;
  double measured_rate_ = 0;
  ToldRate told_;
  bool has_new_rate_ = false;  ///< that the encoder has not been told
};

}  // namespace launcher
