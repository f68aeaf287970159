// How strong the mark is: more where the picture moves and where it has few pixels, less where it stands still.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "cell_layout.hpp"

namespace steg {

/// For networks that do not set the strength themselves. Multiplies residuals by three gains, so that pictures of all
/// kinds read about equally well after a video encoder.
///
/// Resolution: at the same quantiser an encoder leaves noise of about the same size in each pixel, and a cell
/// averages it over the fewer pixels the smaller the picture is. Strength follows 1 / sqrt(pixels along a cell's side)
/// from 720 lines up; below, where chips grow wider as well (chip_smoothing.hpp), the fourth root is enough.
///
/// Motion, in blocks of 8x8 cells: an encoder copies what stands still, and with it the mark of its last key frame, for
/// nothing; what moves it predicts and codes anew, and loses most of a residual below its quantiser's dead zone. The
/// eye, too, sees less of noise in what moves or flickers (temporal masking, Girod 1989). Gains change by a part of
/// what they lack with each picture, so that the residual does not flicker either.
///
/// Key frames: what an encoder drops of them it does not add later, and what it keeps it copies into the frames that
/// follow. A quantiser's dead zone makes one strong frame worth more than many weak ones, and a thirtieth of a second
/// is less than the eye integrates over (Bloch's law). Blocks that stand still get nothing: `framediff` repeats them.
class ResidualGain {
 public:
  static constexpr float kStill = 1.0F;
  static constexpr float kMoving = 1.65F;
  static constexpr float kKeyFrame = 1.5F;
  /// No gains raise the rms of a luma residual above this, in 8-bit levels on the grid, or as much less as more of wide
  /// chips is left in the picture: about 43.8 dB there, and 43.1 in key frames.
  static constexpr float kMostRms = 2.45F;
  static constexpr float kMostKeyFrameRms = 2.55F;

  /// Pixels along the side of a cell at which the gain of resolution is 1: those of 720 lines.
  static constexpr float kPixels = 720.0F / kGridShortSide;

  /// `pixels`: along the side of a cell.
  ResidualGain(const CellLayout& layout, float pixels);

  /// Takes the next picture's luma (cells in 0..1) and scales its residual, that of chroma by the gains of the same
  /// places. The first picture counts as still. `key_frame`: a video encoder will be asked for one. Returns whether the
  /// residual got a key frame's gain, because of that or of a cut, which encoders begin with a key frame of their own
  /// accord.
  bool apply(const float* luma, float* residual, bool key_frame);
  /// Takes the next picture's luma and nothing else.
  void see(const float* luma) { previous_.assign(luma, luma + layout_.grid.cells()); }
  /// Mean change of luma since the picture before, in 8-bit levels; infinite if there was none.
  float change(const float* luma) const;
  /// The next picture has nothing to do with those before.
  void reset();

 private:
  float block_change(const float* luma, int block) const;
  bool follow(const float* luma);
  void scale(const std::vector<float>& gains, float most_rms, float* residual);

  CellLayout layout_;
  float still_, moving_;  ///< gains at the picture's resolution
  float narrow_;          ///< see kMostRms: what is left of narrow chips, as a share of what is left of these
  int across_, down_;
  std::vector<float> previous_;    ///< luma of the picture before; empty if there is none
  float last_change_ = 0.0F;       ///< mean, of the picture before
  std::vector<float> gains_;       ///< of the blocks, row by row
  std::vector<float> key_gains_;   ///< of the blocks, if the picture becomes a key frame
  std::vector<float> row_;         ///< gains of one row of cells, block by block
  std::vector<float> cell_gains_;  ///< and cell by cell
};

}  // namespace steg
