// What stegencode and stegdecode are made of, and what the machine's memory gives.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "clip.hpp"
#include "stopwatch.hpp"

namespace performance {

/// Bytes a second of one thread copying a buffer much larger than the caches, read and written ones counted.
double memory_bandwidth();

/// Cycles a second of the core as it runs now, by a chain of operations that take one cycle each.
double clock_rate();

/// Averaging down and adding the residual over the frames of a clip, planes not in the first-level caches.
std::vector<Timing> time_grid(const std::string& clip, const Size& size, int frames);

/// Networks, chips and list decoding on the grid of 16:9.
std::vector<Timing> time_models(int runs);

}  // namespace performance
