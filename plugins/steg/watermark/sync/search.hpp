// The search for the marked grid in a copy that was cropped, turned, scaled, mirrored or filmed.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chip_map.hpp"
#include "correlator.hpp"
#include "picture.hpp"
#include "plan.hpp"
#include "refinement.hpp"
#include "sampling.hpp"

namespace steg::sync {

/// A place where the marked grid may be.
struct Location {
  Projection to_picture;  ///< grid to pixels
  GridSize grid{};        ///< cells from (0, 0) on that the copy shows
  double strength = 0;    ///< of the pilots, see Alignment
  std::string how;        ///< for people, such as "mirrored"
};

struct SearchOptions {
  int threads = 1;
  /// Gets how much of the search is done, 0 to 1. May be empty.
  std::function<void(double)> progress;
  int planes = kLumaOnly;  ///< that the extractor looks at
};

/// The extractor: cells in 0..1, of as many planes as SearchOptions says, to the field, size.cells() values. Called
/// from several threads at once.
using ExtractField = std::function<void(const float* cells, GridSize size, float* field)>;

class Search {
 public:
  /// Called with each place that the pilots propose; true ends the search. Each call is a position at which signatures
  /// are tried: count it.
  using Visit = std::function<bool(const Location&)>;

  /// `chips` must outlive this. All pictures have one size. `areas`: see plan(). Throws std::invalid_argument if there
  /// is no picture.
  Search(const ChipMap& chips, ExtractField extract, std::vector<Moment> moments, std::vector<Area> areas,
         SearchOptions options);

  /// True if `visit` ended it. Exceptions of the extractor and of `visit` pass through.
  bool run(const Visit& visit);

 private:
  struct Seed {
    Projection to_lattice;
    CellRange range;
    double power;
  };

  FieldStack stack(const Projection& to_picture, GridSize size, bool brief) const;
  /// Crops and blocks with the same lattice share it; no two brief stages have the same.
  std::shared_ptr<const FieldStack> stack_of(const Stage& stage);
  bool run_stage(const Stage& stage, const Visit& visit);
  std::optional<Alignment> follow(const FieldStack& stack, const Seed& seed) const;
  bool settle(const FieldStack& stack, const Stage& stage, std::vector<Seed> seeds, const Visit& visit);
  bool known(const Projection& to_picture, CellRange range) const;
  void add_progress(double work);

  const ChipMap& chips_;
  ExtractField extract_;
  std::vector<Moment> moments_;
  std::vector<Area> areas_;
  SearchOptions options_;
  std::vector<Correlator> correlators_;
  std::vector<Location> visited_;
  std::vector<std::shared_ptr<const FieldStack>> stacks_;
  double work_done_ = 0;
  double work_ = 0;
};

}  // namespace steg::sync
