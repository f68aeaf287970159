// A clip on its way through stegencode.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace robustness {

/// 8-bit luma, valid during the call that hands it over.
struct Luma {
  const std::uint8_t* data;
  std::ptrdiff_t stride;  ///< bytes
  int width;
  int height;
};

struct Source {
  std::filesystem::path path;
  bool still;     ///< a picture, to be shown for the whole time through framediff and stegencode
  int lines = 0;  ///< that the picture is scaled down to before it is marked; 0 leaves it as it is
};

struct MarkOptions {
  std::string id;
  double seconds;   ///< from the beginning of the clip; a still is shown for as long
  double strength;  ///< stegencode's
  int residual_interval;
  std::string model;       ///< encoder.pt; empty for the default
  bool framediff = false;  ///< of clips, too: near-duplicates repeat the last residual
};

/// Both lossless copies are YUV4MPEG2 files, which ffmpeg and GStreamer read.
struct Clip {
  Source source;
  int width = 0;
  int height = 0;
  int rate_numerator = 0;  ///< frames a second
  int rate_denominator = 1;
  int frames = 0;
  std::string matrix = "bt601";  ///< of its colours, in ffmpeg's words
  bool full_range = false;
  std::vector<int> key_frames;  ///< for which stegencode asked an encoder downstream for a key frame
  std::filesystem::path original, marked;

  std::string name() const { return source.path.filename(); }
  double rate() const { return static_cast<double>(rate_numerator) / rate_denominator; }
};

/// Called for each frame in turn: the clip as far as it is known, the frame's number, and its luma before and after
/// stegencode.
using Watch = std::function<void(const Clip& clip, int number, const Luma& original, const Luma& marked)>;

/// Decodes `source`, marks it and writes both copies into `folder`. A clip that does not say its frame rate is taken
/// to have 30 a second. Throws std::runtime_error.
Clip mark(const Source& source, const MarkOptions& options, const std::filesystem::path& folder, const Watch& watch);

}  // namespace robustness
