// Brings the tracks of a file into another one: one picture to be marked, and all sound and text.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <mutex>
#include <string>
#include <vector>

#include "launcher/config/launch_config.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace launcher {

/// Links what a demuxer has found when its first data comes, before which it makes all its pads. Of several pictures
/// only one is marked, so only that one comes out; what is left out or converted is named in the log.
class Tracks {
 public:
  /// Nothing if settings.from is empty. Throws ConfigError if the bin lacks an element that the settings name.
  Tracks(GstBin* bin, const TrackSettings& settings);
  /// The pipeline must be in NULL again.
  ~Tracks();
  Tracks(const Tracks&) = delete;
  Tracks& operator=(const Tracks&) = delete;

 private:
  struct Probe {
    gststeg::Ptr<GstPad> pad;
    gulong id;
  };
  static void on_pad_added(GstElement* demuxer, GstPad* pad, gpointer self);
  static GstPadProbeReturn before_data(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn before_decoder(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn before_crop(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn on_markup(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  void link_all();
  void link_picture(GstPad* pad);
  void link_track(GstPad* pad, GstCaps* caps, const std::string& name);
  void fail(const std::string& text);

  GstBin* bin_;  ///< the owner's
  gststeg::Ptr<GstElement> demuxer_;
  gststeg::Ptr<GstElement> picture_;
  gststeg::Ptr<GstElement> crop_;
  gststeg::Ptr<GstElement> muxer_;
  gulong signal_ = 0;
  std::vector<Probe> probes_;
  std::mutex linking_;
  bool linked_ = false;      ///< under the mutex
  std::string colorimetry_;  ///< as the container has it; on the streaming threads, first written before any data flows
};

}  // namespace launcher
