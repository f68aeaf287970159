// Where one ID ends and the next begins.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <vector>

namespace trace {

/// Frames from `end` to `begin` belong to neither: end <= begin.
struct Boundary {
  std::size_t end;    ///< one past the last frame of the ID before
  std::size_t begin;  ///< first frame of the ID after
};

/// The likeliest boundary within frames that each have a log-likelihood ratio of "carries the ID before" (`before`) and
/// of "carries the ID after" (`after`) against "carries neither". Both have one value per frame; the answer counts from
/// the first of them. Frames of neither in between must earn `price`. Where there is no ID before or after, pass minus
/// infinity for each of its frames.
Boundary likeliest_boundary(const std::vector<double>& before, const std::vector<double>& after, double price);

}  // namespace trace
