// The cells that a network looks at, from the frames of a copy.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "locator.hpp"
#include "plugins/steg/watermark/picture_view.hpp"

namespace trace {

/// The planes of a frame that an extractor of so many planes looks at.
steg::sync::Planes planes_of(const steg::PictureView& picture, int planes);

/// Makes the cells of a frame, and its field.
class PictureSource {
 public:
  virtual ~PictureSource() = default;
  virtual steg::CellLayout layout() const = 0;
  /// Values that sample() writes: cells as layout() has them, and what else extract() needs of the same frame.
  virtual std::size_t sampled() const = 0;
  virtual void sample(const steg::PictureView& picture, float* cells) = 0;
  /// May be called from several threads at once.
  virtual void extract(const float* cells, steg::Extractor& extractor, float* field) const = 0;
};

/// Of the whole picture, of any size. Throws steg::GridError for what is too small.
std::unique_ptr<PictureSource> whole_picture(const steg::PictureShape& shape, int planes);

/// Of a place that was located.
std::unique_ptr<PictureSource> located_picture(const Place& place, int planes);

}  // namespace trace
