// SPDX-License-Identifier: LGPL-2.1-or-later
#include "album.hpp"

#include <algorithm>
#include <cmath>

namespace trace {

void Album::add(Thumbnail thumbnail) {
  thumbnails_.push_back(std::move(thumbnail));
  if (thumbnails_.size() <= kMost) return;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < thumbnails_.size(); i += 2) std::swap(thumbnails_[kept++], thumbnails_[i]);
  thumbnails_.resize(kept);
  spacing_ *= 2.0;
}

Thumbnail Album::nearest(double from, double to) const {
  const double middle = (from + to) / 2.0;
  const auto nearest = std::min_element(thumbnails_.begin(), thumbnails_.end(), [middle](const auto& a, const auto& b) {
    return std::abs(a.time - middle) < std::abs(b.time - middle);
  });
  return nearest == thumbnails_.end() ? Thumbnail{} : *nearest;
}

}  // namespace trace
