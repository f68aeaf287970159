// What is in a segment, as a playlist of playlists says it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace launcher {

struct SegmentFormat {
  std::string codec;  ///< as in RFC 6381: avc1.640015
  int width = 0;      ///< pixels; 0 for sound, as are the others
  int height = 0;
  std::int64_t frames_in_1000s = 0;  ///< 0 if the stream does not say it
};

/// Of the file of a segment: nothing if it cannot be told.
using FormatReader = std::function<std::optional<SegmentFormat>(const std::string& path)>;

/// Parses the beginning of an MPEG-TS file with H.264, H.265 or AAC in it; the first of these, if there are several.
/// GStreamer must be initialised. Takes two seconds at most.
std::optional<SegmentFormat> read_segment_format(const std::string& path);

}  // namespace launcher
