// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture_grid.hpp"

#include <algorithm>

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

void PictureGrid::add_residual(const WritablePicture& picture, const float* residual, float strength) {
  luma_.add_residual(picture.luma.data, picture.luma.stride, residual, strength);
  if (!chroma_) return;
  const float* cb = residual + layout_.cb();
  const float* cr = residual + layout_.cr();
  if (!shape_.interleaved) {
    chroma_->add_residual(picture.cb.data, picture.cb.stride, cb, strength);
    chroma_->add_residual(picture.cr.data, picture.cr.stride, cr, strength);
  } else if (picture.cb.data < picture.cr.data) {
    chroma_->add_residual(picture.cb.data, picture.cb.stride, {cb, cr}, strength);
  } else {
    chroma_->add_residual(picture.cr.data, picture.cr.stride, {cr, cb}, strength);
  }
}

}  // namespace steg
