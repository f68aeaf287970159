// Copies what a muxer puts out into a hub.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <memory>
#include <string>

#include "flv_hub.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace launcher {

class FlvTap {
 public:
  /// element: the muxer's name. Throws ConfigError if there is none, or if it does not make FLV.
  FlvTap(GstBin* bin, const std::string& element, std::shared_ptr<FlvHub> hub);
  /// The pipeline must be in NULL again.
  ~FlvTap();
  FlvTap(const FlvTap&) = delete;
  FlvTap& operator=(const FlvTap&) = delete;

 private:
  static GstPadProbeReturn on_data(GstPad* pad, GstPadProbeInfo* info, gpointer self);

  std::shared_ptr<FlvHub> hub_;
  gststeg::Ptr<GstPad> pad_;
  gulong probe_ = 0;
  std::uint64_t session_;
};

}  // namespace launcher
