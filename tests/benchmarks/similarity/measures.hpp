// The distances that are compared: those of framediff, and simpler ones beside them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "distance.hpp"

namespace similarity {

struct Measure {
  std::string name;
  std::string unit;
  std::function<std::unique_ptr<framediff::Distance>()> make;
  /// framediff's own threshold; empty for the measures that it does not offer.
  std::optional<double> threshold;
};

/// block-sad, ssim and dhash of framediff; block-sad without its activity term; the means of absolute difference and of
/// SSIM over the whole picture.
std::vector<Measure> all_measures();

}  // namespace similarity
