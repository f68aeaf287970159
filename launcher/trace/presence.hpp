// When an ID is there, from how strongly each block of time carries it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <vector>

namespace trace {

/// Blocks from `first` to before `last`.
struct Stretch {
  std::size_t first;
  std::size_t last;
};

/// The likeliest stretches of blocks that carry an ID (Viterbi 1967, with a price on changes). `strengths` are about
/// N(0,1) in blocks without it and N(m,1) with it, where m is estimated from them.
std::vector<Stretch> presence(const std::vector<double>& strengths);

/// Whether most of at least three stretches have a block or two, as of frames that take turns.
bool is_scattered(const std::vector<Stretch>& stretches);

}  // namespace trace
