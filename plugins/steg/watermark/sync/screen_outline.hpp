// The outline of a screen that was filmed at an angle.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <vector>

#include "picture.hpp"
#include "plan.hpp"
#include "projection.hpp"
#include "sampling.hpp"

namespace steg::sync {

/// The four corners, in pixels, of a picture in plain surroundings, such as a screen before a wall or in a dark room;
/// nothing if the copy's borders are not of one brightness, or if no four straight sides stand out from it. The sides
/// may lean by a third and need not stand out all along.
std::optional<Quad> screen_outline(const LumaView& picture);

/// Follows the outline through pictures from a camera that moves: sets the motion of each and drops those that show no
/// outline. Returns the outline in the first that is left; does nothing and returns nothing if most show none.
std::optional<Quad> follow_outline(std::vector<Moment>& moments);

/// The area that an outline encloses, about as it would look from the front.
Area area_within(const Quad& outline);

}  // namespace steg::sync
