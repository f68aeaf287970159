// Where the pilot fits a patch of a field: correlation over all shifts at once.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <vector>

#include "chip_map.hpp"
#include "fft.hpp"
#include "field_stack.hpp"

namespace steg::sync {

/// A patch of width x height cells of the marked grid, and where the lattice of a stack shows it but for a shift.
struct Patch {
  Projection to_lattice;
  int width;
  int height;
};

/// Cell (x, y) of the patch is cell (x, y) + shift of the marked grid.
struct Peak {
  Point shift;
  /// Sum over the moments of the squared pilot strength in the epoch that fits best, each about N(0,1) in each epoch
  /// where there is no mark. See counted_once().
  double power;
};

/// Keeps work space and the spectra of the pilots that were asked for last: one object per thread.
class Correlator {
 public:
  /// `chips` must outlive this.
  explicit Correlator(const ChipMap& chips) : chips_(chips) {}

  /// The `count` highest peaks among whole-cell shifts (x, y) with x in shifts.left ... + shifts.width - 1 and y alike,
  /// highest first. Grid cells outside `pilots` count as if there were no pilot; a larger range than the patch needs
  /// lets calls share spectra.
  std::vector<Peak> peaks(const FieldStack& stack, const Patch& patch, CellRange shifts, CellRange pilots,
                          std::size_t count);

 private:
  void load_pilots(CellRange range);
  void correlate(const std::vector<float>& patch, GridSize size, float scale, CellRange shifts);

  const ChipMap& chips_;
  CellRange pilots_{0, 0, 0, 0};
  std::unique_ptr<Fft2d> fft_;
  std::vector<ComplexPlane> spectra_;  ///< of two epochs each, one in the real and one in the imaginary part
  ComplexPlane patch_, product_;
  FftWork work_;
  std::vector<float> power_, best_;
};

}  // namespace steg::sync
