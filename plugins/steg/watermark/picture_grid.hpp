// The working grid of a picture: the cells of its planes that the networks see, and their residuals back in it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>

#include "cell_layout.hpp"
#include "picture_view.hpp"
#include "plane_grid.hpp"

namespace steg {

/// Networks of three planes put most of the mark into chroma. A picture without any gets so many times as much of
/// luma's share, and they are trained to read that.
inline constexpr float kLumaAlone = 4.0F;

/// Maps pictures of one shape to cells and back. One object must not be used by two threads at a time.
class PictureGrid {
 public:
  /// `planes`: kLumaOnly or kAllPlanes. Throws GridError as grid_size does.
  PictureGrid(const PictureShape& shape, int planes);

  CellLayout layout() const { return layout_; }
  GridSize size() const { return layout_.grid; }
  /// Pixels along the side of a cell.
  float pixels_per_cell() const;

  /// `cells` gets layout().cells() values in 0..1; chroma of a grey picture is neutral.
  void average_down(const PictureView& picture, float* cells);

  /// Adds a residual of the same layout to `from`, see PlaneGrid; that of the chroma of a grey picture is dropped, see
  /// kLumaAlone. All samples of `to` are written, which may be the same picture.
  void add_residual(const PictureView& from, const WritablePicture& to, const float* residual, float strength);
  void add_residual(const WritablePicture& picture, const float* residual, float strength) {
    add_residual(picture, picture, residual, strength);
  }

 private:
  void copy_chroma(const PictureView& from, const WritablePicture& to) const;

  PictureShape shape_;
  CellLayout layout_;
  PlaneGrid luma_;
  std::optional<PlaneGrid> chroma_;  ///< of Cb and Cr in turn, or of both in one plane; if they are asked for and there
};

}  // namespace steg
