// SPDX-License-Identifier: LGPL-2.1-or-later
#include "boundary.hpp"

namespace trace {

Boundary likeliest_boundary(const std::vector<double>& before, const std::vector<double>& after, double price) {
  const std::size_t frames = before.size();
  std::vector<double> rest(frames + 1, 0.0);  // of `after`, from a frame to the end
  for (std::size_t i = frames; i > 0; --i) rest[i - 1] = rest[i] + after[i - 1];

  Boundary best{0, 0};
  double best_score = rest[0];
  std::size_t best_end = 0;  // of those so far, where frames of neither may begin
  double best_end_score = 0.0;
  double sum = 0.0;
  for (std::size_t begin = 1; begin <= frames; ++begin) {
    sum += before[begin - 1];
    if (sum + rest[begin] > best_score) {
      best_score = sum + rest[begin];
      best = {begin, begin};
    }
    if (best_end_score - price + rest[begin] > best_score) {
      best_score = best_end_score - price + rest[begin];
      best = {best_end, begin};
    }
    if (sum > best_end_score) {
      best_end_score = sum;
      best_end = begin;
    }
  }
  return best;
}

}  // namespace trace
