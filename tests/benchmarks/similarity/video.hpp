// Real coding and decoding, by GStreamer.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "pictures.hpp"

namespace similarity {

/// Frame i of a sequence.
using Source = std::function<pictures::Picture(int)>;
/// Takes frame i as it comes out of the decoder; the plane is gone after the call.
using Sink = std::function<void(int, const framediff::LumaPlane&)>;

/// How x264 spends its bits (veryfast, zerolatency, no B frames, a key frame every second).
struct Quality {
  std::string name;
  /// Constant quality if kbit is 0.
  int crf;
  /// Constant bit rate in kbit/s, as streaming programs send it.
  int kbit;
};

/// Codes `frames` frames at 30 fps, decodes them, and hands them to `sink`. Throws std::runtime_error with GStreamer's
/// words if that fails.
void through_x264(int width, int height, int frames, const Quality& quality, const Source& source, const Sink& sink);

/// The luma of the first `limit` pictures of a video file.
std::vector<pictures::Picture> read_clip(const std::string& path, int limit);

}  // namespace similarity
