// What may happen to a marked copy, by name.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "clip.hpp"

namespace robustness {

/// What an encoder's options depend on.
struct CodingContext {
  double rate;                  ///< frames a second
  std::vector<int> key_frames;  ///< that stegencode asked for; empty where its request does not reach the encoder
};

/// One part of an attack. Filters and encoders are ffmpeg's, "-vf" and output options; a part has one of the three.
struct Stage {
  std::string filter;
  std::function<std::vector<std::string>(const CodingContext&)> encoder;
  /// GStreamer elements between decoded video and a file that holds it.
  std::string elements;

  int lines = 0;           ///< the part scales to so many: only taller pictures take part
  double start = 0;        ///< the part begins so many seconds into the clip: only longer clips take part
  double rate = 0;         ///< the part reduces to so many frames a second: only faster clips take part
  double seen = 0;         ///< seconds of the stream from which the mark is learned and then subtracted; 0: none
  bool traced = false;     ///< steg-trace reads what is left: the picture is not where it was marked, or is only one
  bool landscape = false;  ///< only pictures that are wider than high take part
};

/// Parts joined by '+', such as "720p+crf28", done one after the other.
struct Attack {
  std::string name;
  std::vector<Stage> stages;

  /// Whether it can be done to the clip: pictures are never scaled up, nor frames made up.
  bool applies_to(const Clip& clip) const;
  /// Whether steg-trace reads the copy, with its search for the picture, and not the reader of frames and windows.
  bool is_traced() const;
  /// Seconds that somebody who subtracts the mark has seen (subtraction.hpp); 0 for other attacks.
  double seen() const;
};

/// The marked clip itself.
inline constexpr const char* kNoAttack = "none";

/// Throws std::invalid_argument with a sentence that names the parts there are, or says that they do not go together.
Attack parse_attack(const std::string& name);

/// Names of the attacks of the whole benchmark, in the order of its tables; of a quick one; and on stills.
std::vector<std::string> all_attacks();
std::vector<std::string> quick_attacks();
std::vector<std::string> still_attacks();
/// Those that move the picture, and single stills: what steg-trace searches.
std::vector<std::string> geometry_attacks();

/// The parts there are, a line each: "crfN  x264 at a constant rate factor of N".
std::string describe_parts();

/// Does the attack, one without seen(), to `input`, a copy of the clip; files in between and the result are written
/// into `folder`. `streamed`: an encoder at the beginning of the attack is the streamer's own behind stegencode, which
/// asks it for key frames. Returns the path of the result. Throws std::runtime_error.
std::filesystem::path perform(const Attack& attack, const Clip& clip, const std::filesystem::path& input, bool streamed,
                              const std::filesystem::path& folder);

}  // namespace robustness
