// Takes a mark away with the networks that anyone has, and no key.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "encoder.hpp"
#include "extractor.hpp"
#include "plugins/common/video_frame.hpp"
#include "plugins/steg/watermark/picture_grid.hpp"

namespace robustness {

/// Sums what the extractor sees over frames that carry the same chips, takes that for the chips, and subtracts what the
/// encoder would have added to each picture for them.
class Eraser {
 public:
  /// Of frames of one shape. Both networks must outlive this.
  Eraser(steg::Encoder& encoder, steg::Extractor& extractor, const steg::PictureShape& shape);

  /// `chips`: frames with the same number carry the same chips.
  void look_at(const gststeg::VideoFrame& frame, int chips);
  /// Changes nothing in frames whose chips were never looked at.
  void erase(gststeg::VideoFrame& frame, int chips, float strength);

 private:
  const steg::Pattern* pattern(int chips);

  steg::Encoder& encoder_;
  steg::Extractor& extractor_;
  steg::PictureGrid grid_;
  std::vector<float> cells_, residual_, field_;
  std::map<int, std::vector<float>> sums_;
  std::map<int, std::unique_ptr<steg::Pattern>> patterns_;  ///< of the sums as they are
};

}  // namespace robustness
