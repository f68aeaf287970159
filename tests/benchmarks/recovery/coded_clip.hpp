// A clip on its way through the real elements: original, marked and as a viewer's decoder shows it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../../../plugins/common/gst_ptr.hpp"

namespace recovery {

struct Plane {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> luma;  ///< width x height, row by row
};

struct Frame {
  Plane original, marked, coded;
  std::uint64_t pts = 0;  ///< ns
};

struct Setting {
  int height = 0;  ///< lines the clip is scaled to before it is marked; 0 leaves it
  int width = 0;   ///< if height is set; even, as x264 wants it
  int crf = -1;    ///< x264's constant rate factor; or
  int kbps = 0;    ///< its bit rate

  std::string name() const;
  /// Properties of x264enc.
  std::string encoder() const;
};

/// filesrc ! decodebin ! videoscale ! stegencode ! x264enc (veryfast, zerolatency) ! avdec_h264.
class CodedClip {
 public:
  /// Throws std::runtime_error.
  CodedClip(const std::string& path, const std::string& id, const Setting& setting);
  ~CodedClip();
  CodedClip(const CodedClip&) = delete;
  CodedClip& operator=(const CodedClip&) = delete;

  /// Nothing at the end of the clip. Throws std::runtime_error on an error of the pipeline.
  std::optional<Frame> next();

 private:
  gststeg::Ptr<GstSample> pull(const char* sink);
  gststeg::Ptr<GstElement> pipeline_;
};

}  // namespace recovery
