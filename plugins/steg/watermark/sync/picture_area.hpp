// Where in a copy the picture is: within black bars, in a player's window on a desktop, as a picture in a picture.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "plan.hpp"
#include "sampling.hpp"

namespace steg::sync {

/// Parts of the copy that may be the marked picture or a part of it, likeliest first; none if that seems to be the
/// whole copy. Told by bars of one colour at the borders, by what moves, and by long straight edges. `pictures`: frames
/// of the copy, all of one size, some time apart; the more, the surer.
std::vector<Area> picture_areas(const std::vector<LumaView>& pictures);

}  // namespace steg::sync
