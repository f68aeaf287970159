// From a guess where the marked grid lies to the place where its chips fit best.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "chip_map.hpp"
#include "field_stack.hpp"

namespace steg::sync {

/// Where a stack's lattice shows the marked grid.
struct Alignment {
  Projection to_lattice;    ///< grid to lattice
  CellRange extent{};       ///< the part of the grid that was compared
  std::vector<int> epochs;  ///< of each moment, the likeliest
  /// Root of the sum over the moments of the squared pilot strength (each about N(0,1) in each epoch without a mark).
  double strength = 0;
  double correlation = 0;  ///< of the moments' fields there
};

enum class Freedom { translation, affine, projective };

struct RefineOptions {
  Freedom freedom = Freedom::projective;
  double first_step = 0.5;  ///< cells by which the corners of the compared range move at first
  /// Whether all pilots are looked at and the code cells, too, if the map has any: only near the right place do they
  /// say anything.
  bool code_cells = false;
};

/// Climbs from one alignment to the best one around. Looks at pilots and code cells, never at signature cells.
class Refinement {
 public:
  /// Both must outlive this.
  Refinement(const ChipMap& chips, const FieldStack& stack) : chips_(chips), stack_(stack) {}

  /// Pilot strength over the cells of `range`; chooses the epoch of each moment.
  Alignment measure(const Projection& to_lattice, CellRange range) const;

  /// The same alignment and epochs, its strength over another range.
  Alignment over(const Alignment& alignment, CellRange range) const;

  /// What the code cells say of an alignment with epochs, over its extent: the sum over the 256 code bits of z^2 - 1,
  /// because bits are unknown. About 0 +- 23 without a mark, whatever the pilots say; with one about twice the square
  /// of the pilot strength, since there are twice as many code cells and all moments carry the same bits.
  double code_power(const Alignment& alignment) const;

  /// Improves `start` over `range` of the grid: moves the corners of the range, in smaller and smaller steps. The
  /// epochs are those of `start`, measured if there are none.
  Alignment climb(const Alignment& start, CellRange range, const RefineOptions& options = {}) const;

  /// climb() over a range that grows from `seed` to the whole of `whole`. Gives up, and returns what it has, once a
  /// larger range is weaker than a smaller one was.
  Alignment grow(const Projection& to_lattice, CellRange seed, CellRange whole,
                 const RefineOptions& options = {}) const;

 private:
  const ChipMap& chips_;
  const FieldStack& stack_;
};

/// The range of grid cells that the lattice shows, as far as chips are known.
CellRange shown_cells(const Projection& to_lattice, GridSize lattice);

}  // namespace steg::sync
