// Finds in which epoch of the day fields were marked, by their code cells.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "chips.hpp"
#include "day_clock.hpp"
#include "epoch_lanes.hpp"

namespace steg {

struct DayFit {
  int epoch;  ///< of the field that was added first
  /// What the code bits have in excess of noise, sum(z^2) over the 256 bits, in its standard deviations: about N(0,1)
  /// for a wrong epoch. The bits themselves need not be known. The best of all 8192 epochs lies near 4 without a mark.
  double excess;
};

/// Fields whose phases are known and whose epochs follow each other in known steps. An epoch is right if the code cells
/// of all of them, with its day signs, agree on code bits, whatever these are. Signature cells are never looked at, so
/// the choice costs nothing in the p-value.
class DaySearch {
 public:
  /// Both must outlive this. `chips` are of the day format.
  DaySearch(const Chips& chips, const DayClock& clock) : chips_(chips), clock_(clock) {}

  /// A field (as many values as the layout has cells), marked `steps` epochs after the one that was added first.
  /// `of_phase`: Chips::phase_layout() of its phase; all of one size and place.
  void add(const std::vector<float>& field, const ChipLayout& of_phase, long steps);

  /// How well one epoch fits. It must have the phase of the field that was added first.
  double excess(int epoch) const;
  /// The best of all epochs with that phase. Looks at the kMost strongest fields: they decide.
  DayFit best() const;

  static constexpr std::size_t kMost = 6;

 private:
  /// What is kept of a code cell.
  struct Cell {
    std::uint32_t at;  ///< its bit in the encrypted blocks, of each byte from the least significant on
    float value;       ///< with the sign of the phase
    std::uint8_t bit;
  };
  struct Field {
    long steps;
    double energy;
    std::vector<Cell> cells;
  };

  /// A field whose values are as large as sums of 16 bits allow, each code bit in a unit of its own.
  struct LaneField {
    long steps;
    std::vector<std::vector<LaneCell>> parts;  ///< of the grid, in which `at` is counted
  };

  std::vector<LaneField> in_lanes(const std::vector<const Field*>& fields) const;
  int best_of(const std::vector<const Field*>& strongest) const;

  const Chips& chips_;
  const DayClock& clock_;
  GridSize size_{};
  int left_ = 0, top_ = 0;
  int phase_ = 0;
  std::vector<Field> fields_;
};

}  // namespace steg
