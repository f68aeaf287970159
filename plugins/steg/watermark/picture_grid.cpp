// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture_grid.hpp"

#include <algorithm>
#include <cstring>

namespace steg {

PictureGrid::PictureGrid(const PictureShape& shape, int planes)
    : shape_(shape),
      layout_{grid_size(shape.width, shape.height), planes},
      luma_({shape.width, shape.height, 1, shape.depth}, layout_.grid) {
  if (!layout_.has_chroma() || !shape.has_chroma()) return;
  const int channels = shape.interleaved ? 2 : 1;
  chroma_.emplace(PlaneShape{shape.chroma_width, shape.chroma_height, channels, shape.depth}, layout_.grid);
}

float PictureGrid::pixels_per_cell() const {
  return static_cast<float>(std::min(shape_.width, shape_.height)) / kGridShortSide;
}

void PictureGrid::average_down(const PictureView& picture, float* cells) {
  luma_.average_down(picture.luma.data, picture.luma.stride, cells);
  if (!layout_.has_chroma()) return;
  float* cb = cells + layout_.cb();
  float* cr = cells + layout_.cr();
  if (!chroma_) {
    std::fill_n(cb, 2 * layout_.plane_cells(), kNeutralChroma);
  } else if (!shape_.interleaved) {
    chroma_->average_down(picture.cb.data, picture.cb.stride, cb);
    chroma_->average_down(picture.cr.data, picture.cr.stride, cr);
  } else if (picture.cb.data < picture.cr.data) {
    chroma_->average_down(picture.cb.data, picture.cb.stride, {cb, cr});
  } else {
    chroma_->average_down(picture.cr.data, picture.cr.stride, {cr, cb});
  }
}

void PictureGrid::add_residual(const PictureView& from, const WritablePicture& to, const float* residual,
                               float strength) {
  const bool alone = layout_.has_chroma() && !chroma_;
  luma_.add_residual(from.luma, to.luma, {residual, nullptr}, alone ? strength * kLumaAlone : strength);
  if (!chroma_) return copy_chroma(from, to);
  const float* cb = residual + layout_.cb();
  const float* cr = residual + layout_.cr();
  if (!shape_.interleaved) {
    chroma_->add_residual(from.cb, to.cb, {cb, nullptr}, strength);
    chroma_->add_residual(from.cr, to.cr, {cr, nullptr}, strength);
  } else if (to.cb.data < to.cr.data) {
    chroma_->add_residual(from.cb, to.cb, {cb, cr}, strength);
  } else {
    chroma_->add_residual(from.cr, to.cr, {cr, cb}, strength);
  }
}

void PictureGrid::copy_chroma(const PictureView& from, const WritablePicture& to) const {
  if (!shape_.has_chroma() || from.cb.data == to.cb.data) return;
  const std::size_t sample = shape_.depth == Depth::bits8 ? 1 : 2;
  const std::size_t bytes = sample * static_cast<std::size_t>(shape_.chroma_width) * (shape_.interleaved ? 2 : 1);
  const auto copy = [&](const BasicPlane<const std::uint8_t>& source, const BasicPlane<std::uint8_t>& target) {
    for (std::ptrdiff_t y = 0; y < shape_.chroma_height; ++y)
      std::memcpy(target.data + y * target.stride, source.data + y * source.stride, bytes);
  };
  // Planes of both channels begin with the one that comes first.
  if (!shape_.interleaved || to.cb.data < to.cr.data) copy(from.cb, to.cb);
  if (!shape_.interleaved || to.cr.data < to.cb.data) copy(from.cr, to.cr);
}

}  // namespace steg
