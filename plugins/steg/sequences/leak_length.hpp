// How much of a stream a copy must show until it says who gave it away.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "suspects.hpp"

namespace steg {

/// How many segments read like these it takes in the mean until the score of one of `leakers`, who each gave as many by
/// chance, makes the copy so many `times` likelier. Infinity where the readings say nothing.
double segments_needed(const Sequences& sequences, const std::vector<SegmentReading>& readings, int leakers,
                       double times);

}  // namespace steg
