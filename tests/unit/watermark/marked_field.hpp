// Fields as a network reads them from a marked picture: chips in Gaussian noise.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "chips.hpp"
#include "random.hpp"

namespace steg::test {

/// Of a picture of 16:9.
inline constexpr GridSize kSize{384, 216};

/// `amplitude` times the chips of that ID and epoch, in noise of that deviation.
inline std::vector<float> marked_field(const Chips& chips, const std::string& id, int epoch, float amplitude, Rng& rng,
                                       GridSize size = kSize, float noise = 1) {
  std::vector<float> field = gaussian(rng, static_cast<std::size_t>(size.cells()), noise);
  const std::vector<float> frame = chips.frame(id, size, epoch);
  for (std::size_t i = 0; i < field.size(); ++i) field[i] += amplitude * frame[i];
  return field;
}

}  // namespace steg::test
