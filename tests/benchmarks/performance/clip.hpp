// Decoded pictures of a real clip.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <string>
#include <vector>

#include "plugins/common/gst_ptr.hpp"

namespace performance {

struct Size {
  int width;
  int height;
  std::string name() const { return std::to_string(height) + "p"; }
  std::string caps() const;
  double pixels() const { return static_cast<double>(width) * height; }
};

/// Text for a property in a pipeline description.
std::string quoted(const std::string& text);

/// The first pictures of a clip in I420, scaled. Throws std::runtime_error.
std::vector<gststeg::Ptr<GstBuffer>> decoded(const std::string& clip, const Size& size, int count);

}  // namespace performance
