// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plan.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace steg::sync {

namespace {

constexpr double kRadian = 3.14159265358979323846 / 180;

// The extractor bears a pitch that is this much off, and turns of about 10 degrees.
constexpr double kPitchLadder = 1.35;
// Over a whole lattice a shape may be off by this many cells at the ends.
constexpr double kWholeTolerance = 0.6;
// A block bears more: a step of scale, and of turning.
constexpr double kBlockScaleStep = 1.035;
constexpr double kBlockTurnStep = 2 * kRadian;
constexpr int kBlockTurns = 6;
constexpr int kBlockStretches = 8;  // in steps of scale of the aspect, half of it on each axis
// Both at once are searched near the middle only, and of copies that are not mirrored, too.
constexpr int kBothTurns = 2;
constexpr int kBothStretches = 3;

constexpr double kLeastKept = 0.2;  // share of the grid that a crop shows
constexpr double kOverhang = 1.03;  // by which a copy may show more than the grid
constexpr double kTurnStep = 0.35 * kRadian;
constexpr int kTurnSteps = 45;

int even(double cells) { return std::max(16, 2 * static_cast<int>(std::lround(cells / 2))); }

struct Upright {
  double width, height;
};

Upright upright(const Area& area, const Orientation& orientation) {
  return orientation.sideways() ? Upright{area.height, area.width} : Upright{area.width, area.height};
}

Stage stage_for(const char* how, const Area& area, const Orientation& orientation) {
  Stage stage;
  stage.how = area.filmed ? "filmed screen" : how;
  if (orientation.mirrored || orientation.quarter_turns != 0) stage.how += std::string(", ") + orientation.name;
  stage.area = area;
  stage.orientation = orientation;
  return stage;
}

/// The area is the whole picture, its aspect kept.
void add_whole(std::vector<Stage>& stages, const Area& area, const Orientation& orientation) {
  const auto [width, height] = upright(area, orientation);
  Stage stage = stage_for("whole picture", area, orientation);
  stage.lattice = stage.grid = grid_size(static_cast<int>(width), static_cast<int>(height));
  stage.shapes = {{1, 1, 0}};
  stage.brief = true;
  stages.push_back(std::move(stage));
}

/// The area is the whole picture, made wider or narrower: all grids up to `longest` cells of one format, on a few
/// lattices.
void add_stretched_format(std::vector<Stage>& stages, const Area& area, const Orientation& orientation, bool portrait,
                          int longest) {
  constexpr int kLattices[] = {376, 280, 504};
  for (const int lattice : kLattices) {
    Stage stage = stage_for("stretched", area, orientation);
    stage.lattice = portrait ? GridSize{kGridShortSide, lattice} : GridSize{lattice, kGridShortSide};
    stage.grid = portrait ? GridSize{kGridShortSide, longest} : GridSize{longest, kGridShortSide};
    stage.brief = true;
    for (int length = kGridShortSide; length <= longest; length += 8) {
      const double ratio = static_cast<double>(lattice) / length;
      const bool nearest = std::all_of(std::begin(kLattices), std::end(kLattices), [&](int other) {
        return std::fabs(std::log(ratio)) <= std::fabs(std::log(static_cast<double>(other) / length));
      });
      if (nearest) stage.shapes.push_back(portrait ? Shape{1, ratio, 0} : Shape{ratio, 1, 0});
    }
    if (!stage.shapes.empty()) stages.push_back(std::move(stage));
  }
}

/// All grids of the area's own format, and those of the other one that a squeeze to kLeastSqueeze turns into it.
void add_stretched(std::vector<Stage>& stages, const Area& area, const Orientation& orientation) {
  constexpr int kLongest = 544;
  constexpr double kLeastSqueeze = 0.4;
  const auto [width, height] = upright(area, orientation);
  const bool portrait = height > width;
  add_stretched_format(stages, area, orientation, portrait, kLongest);
  const double aspect = std::min(width, height) / std::max(width, height);
  const int other = std::min(kLongest, static_cast<int>(kGridShortSide * aspect / kLeastSqueeze));
  add_stretched_format(stages, area, orientation, !portrait, other);
}

struct Scales {
  double least, most;  ///< grid cells per pixel
};

/// The scales at which the area can be a part of `grid`.
Scales crop_scales(const Upright& size, GridSize grid) {
  const double most = kOverhang * std::min(grid.width / size.width, grid.height / size.height);
  return {std::sqrt(kLeastKept * grid.cells() / (size.width * size.height)), most};
}

/// Calls use(low, high, lattice scale) for each lattice that the scales need, largest first.
template <typename Use>
void for_ladder(const Scales& scales, Use use) {
  for (double high = scales.most; high > scales.least; high /= kPitchLadder) {
    const double low = std::max(scales.least, high / kPitchLadder);
    use(low, high, std::sqrt(low * high));
  }
}

void add_crops(std::vector<Stage>& stages, const Area& area, const Orientation& orientation, GridSize grid) {
  const Upright size = upright(area, orientation);
  for_ladder(crop_scales(size, grid), [&](double low, double high, double scale) {
    Stage stage = stage_for("part of the picture", area, orientation);
    stage.lattice = {even(scale * size.width), even(scale * size.height)};
    stage.grid = grid;
    for (double tried = high; tried > low; tried -= 2 * kWholeTolerance / std::max(size.width, size.height))
      stage.shapes.push_back({scale / tried, scale / tried, 0});
    stages.push_back(std::move(stage));
  });
}

/// Turned by a small angle on a canvas of the picture's size.
void add_turned(std::vector<Stage>& stages, const Area& area, const Orientation& orientation) {
  const auto [width, height] = upright(area, orientation);
  Stage stage = stage_for("turned", area, orientation);
  stage.lattice = stage.grid = grid_size(static_cast<int>(width), static_cast<int>(height));
  for (int step = 1; step <= kTurnSteps; ++step) {
    stage.shapes.push_back({1, 1, step * kTurnStep});
    stage.shapes.push_back({1, 1, -step * kTurnStep});
  }
  stages.push_back(std::move(stage));
}

void add_blocks(std::vector<Stage>& stages, const Area& area, const Orientation& orientation, GridSize grid) {
  const Upright size = upright(area, orientation);
  for_ladder(crop_scales(size, grid), [&](double low, double high, double scale) {
    Stage stage = stage_for("turned or stretched part of the picture", area, orientation);
    stage.lattice = {even(scale * size.width), even(scale * size.height)};
    stage.grid = grid;
    stage.slack = 12;
    stage.whole = false;
    for (double tried = high / std::sqrt(kBlockScaleStep); tried > low; tried /= kBlockScaleStep) {
      for (int turn = -kBlockTurns; turn <= kBlockTurns; ++turn) {
        for (int step = -kBlockStretches; step <= kBlockStretches; ++step) {
          const bool both = !orientation.mirrored && std::abs(turn) <= kBothTurns && std::abs(step) <= kBothStretches;
          if (turn != 0 && step != 0 && !both) continue;
          const double stretch = std::pow(kBlockScaleStep, step / 2.0);
          stage.shapes.push_back({scale / tried * stretch, scale / tried / stretch, turn * kBlockTurnStep});
        }
      }
    }
    stages.push_back(std::move(stage));
  });
}

}  // namespace

Projection to_picture(const Stage& stage) {
  const auto [width, height] = upright(stage.area, stage.orientation);
  return stage.area.tilt * Projection::translation(stage.area.left, stage.area.top) *
         from_upright(stage.orientation, stage.area.width, stage.area.height) *
         Projection::scaling(width / stage.lattice.width, height / stage.lattice.height);
}

std::vector<Stage> plan(int width, int height, const std::vector<Area>& areas) {
  constexpr GridSize kLandscape = {384, kGridShortSide};
  constexpr GridSize kPortrait = {kGridShortSide, 384};
  constexpr std::size_t kLikelyOrientations = 2;  // upright and mirrored
  constexpr std::size_t kMostMirrored = 8;        // of the areas
  const Area all = {0, 0, static_cast<double>(width), static_cast<double>(height)};
  std::vector<Stage> stages;
  for (const Area& area : areas) add_whole(stages, area, kOrientations[0]);
  for (std::size_t i = 0; i < std::min(areas.size(), kMostMirrored); ++i) add_whole(stages, areas[i], kOrientations[1]);
  for (const Orientation& orientation : kOrientations) add_whole(stages, all, orientation);
  // A picture within the copy is what was marked or a part of it, unless its borders deceive.
  std::vector<Area> mains = {all};
  if (!areas.empty()) mains.insert(mains.begin(), areas.front());
  // The rest of what a camera saw is not the picture.
  if (mains.front().filmed) mains.resize(1);
  // A window whose borders cannot be told from the desktop: the part of its picture that moves.
  for (const Area& area : areas) {
    const bool searched = area.left == mains.front().left && area.top == mains.front().top;
    if (area.moves && !searched && !mains.front().filmed) add_crops(stages, area, kOrientations[0], kLandscape);
  }
  for (const Area& main : mains) {
    for (std::size_t i = 0; i < kLikelyOrientations; ++i) add_stretched(stages, main, kOrientations[i]);
    add_crops(stages, main, kOrientations[0], kLandscape);
    add_turned(stages, main, kOrientations[0]);
    add_crops(stages, main, kOrientations[1], kLandscape);
    if (main.height > main.width) add_crops(stages, main, kOrientations[0], kPortrait);
  }
  for (const Area& main : mains) add_blocks(stages, main, kOrientations[0], kLandscape);
  for (std::size_t i = kLikelyOrientations; i < kOrientations.size(); ++i)
    add_crops(stages, mains.front(), kOrientations[i], kLandscape);
  // Where there are two pictures to search, the least likely of all would take the search over its time.
  if (mains.size() == 1) add_blocks(stages, mains.front(), kOrientations[1], kLandscape);
  return stages;
}

}  // namespace steg::sync
