// Frames of a pipeline, looked at or changed on their way.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "plugins/common/video_frame.hpp"

namespace robustness {

/// Gets each frame with its number, from 0, and may change it.
using FrameVisitor = std::function<void(gststeg::VideoFrame& frame, int number)>;

/// Runs a pipeline in the words of gst-launch-1.0 to its end and hands over the raw frames that pass its element
/// "identity name=frames". Returns before which frames a key frame was asked of an encoder downstream. Throws
/// std::runtime_error on an error of the pipeline, and what `visit` throws.
std::vector<int> pass_frames(const std::string& description, const FrameVisitor& visit);

}  // namespace robustness
