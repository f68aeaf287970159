// How well the ID of a coded clip is read, and what the mark costs in fidelity.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "coded_clip.hpp"
#include "extractor.hpp"

namespace recovery {

struct Limits {
  double seconds = 10;  ///< of each clip
  int every = 5;        ///< every how many frames a single one is read; windows take the same frames
};

struct Result {
  int frames = 0;        ///< read alone
  int frames_found = 0;  ///< with the right ID at p <= 1e-9
  int windows = 0;       ///< of one second, full ones only
  int windows_found = 0;
  int wrong = 0;    ///< another ID than the embedded one at p <= 1e-9
  double psnr = 0;  ///< of luma, marked against original: mean and worst over frames, dB
  double worst_psnr = 0;
  double mean_z = 0;  ///< over the 256 code bits and the frames
  double bit_accuracy = 0;

  double frame_share() const { return frames > 0 ? static_cast<double>(frames_found) / frames : 0; }
  double window_share() const { return windows > 0 ? static_cast<double>(windows_found) / windows : 0; }
};

/// Throws std::runtime_error.
Result measure(const std::string& path, const Setting& setting, const Limits& limits, steg::Extractor& extractor);

}  // namespace recovery
