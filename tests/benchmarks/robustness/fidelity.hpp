// What the mark costs in fidelity.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <limits>
#include <vector>

#include "clip.hpp"

namespace robustness {

/// Where the mark is strongest against what hides it.
struct WorstWindow {
  double ratio = 0;     ///< residual's rms / (1 + activity)
  double rms = 0;       ///< of the residual in the window of 64 x 64 pixels, levels
  double activity = 0;  ///< median of the standard deviations of the original's blocks of 8 x 8 in it, levels
  int frame = 0;
  int x = 0, y = 0;  ///< of its corner, pixels
};

/// All of luma, marked against original, before any codec.
struct Fidelity {
  double psnr = 0;  ///< mean over the frames, dB; at most 99 a frame
  double worst_psnr = std::numeric_limits<double>::infinity();
  double ssim = 0;
  double worst_ssim = 1;
  double ms_ssim = 0;
  double worst_ms_ssim = 1;
  WorstWindow window;
  /// rms of the residual's change from one frame to the next in blocks of 8 x 8 in which no pixel of the original
  /// changed by more than a level: within an epoch, and where the epoch changes. Levels; 0 without such blocks.
  double flicker = 0;
  double flicker_at_epochs = 0;
  double still_share = 0;  ///< of the blocks that did not change
};

/// Gathers the figures frame by frame.
class FidelityMeter {
 public:
  /// SSIM and the worst window are taken of every so many frames, the rest of all.
  explicit FidelityMeter(int every) : every_(every) {}
  /// `epoch_changed`: the mark is another than the frame's before.
  void add(const Luma& original, const Luma& marked, bool epoch_changed);
  Fidelity result() const;

 private:
  struct Change {
    double squares = 0;
    double pixels = 0;
    double rms() const;
  };
  void add_flicker(const Luma& original, const Luma& marked, bool epoch_changed);

  int every_;
  int frames_ = 0;
  int sampled_ = 0;
  Fidelity sum_;
  std::vector<std::uint8_t> last_original_, last_marked_;
  Change within_, between_;
  double blocks_ = 0;
};

}  // namespace robustness
