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

/// Codes `frames` frames at 30 fps with x264 (veryfast, zerolatency, constant quality `crf`, a key frame every
/// `key_interval` frames), decodes them, and hands them to `sink`. Throws std::runtime_error with GStreamer's words if
/// that fails.
void through_x264(int width, int height, int frames, int crf, int key_interval, const Source& source, const Sink& sink);

/// The luma of the first `limit` pictures of a video file.
std::vector<pictures::Picture> read_clip(const std::string& path, int limit);

}  // namespace similarity
