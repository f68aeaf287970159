// Fields of several moments of a copy, on one lattice.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "projection.hpp"
#include "sampling.hpp"

namespace steg::sync {

/// A lattice laid over a copy, and what the extractor made of its cells at some moments. Each field is the sum over
/// frames that lie close enough together to share an epoch; cells outside the picture hold 0.
struct FieldStack {
  GridSize size;
  Projection to_picture;  ///< lattice to pixels
  std::vector<std::vector<float>> fields;

  FieldView view(std::size_t moment) const { return {fields[moment].data(), size}; }
};

}  // namespace steg::sync
