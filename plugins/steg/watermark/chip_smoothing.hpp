// The shape of a chip in a picture of few pixels.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "grid.hpp"

namespace steg {

/// Of the Gaussian that chips are smoothed with, in cells, where the side of a cell has so many pixels: as wide in
/// pixels at every resolution, as long as cells bear it.
float chip_sigma(float pixels);

/// Low-passes chips (size.cells() values of +1 or -1, row by row) with that Gaussian. A video encoder drops
/// coefficients that stay below its quantiser's dead zone: with the same power in fewer of them, more stay above.
/// Training does not find that by itself, because the gradient passes the codec straight through (models/README.md).
/// Afterwards the chips are so much larger that the picture's residual has about the power that it would have had.
///
/// `pixels`: along the side of a cell; from 9 on nothing changes.
void smooth_chips(GridSize size, float pixels, std::vector<float>& chips);

}  // namespace steg
