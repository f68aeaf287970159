// The measures beside block-sad, which are slower and no better; kept for the values of framediff's `method`.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "distance.hpp"

namespace framediff {

/// Method::ssim.
std::unique_ptr<Distance> make_block_ssim();

/// Method::dhash: bit 8 y + x of a hash is 1 if field (x, y) of 9 x 8 is darker than its right-hand neighbour.
std::unique_ptr<Distance> make_hash_distance();

}  // namespace framediff
