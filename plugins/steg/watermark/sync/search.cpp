// SPDX-License-Identifier: LGPL-2.1-or-later
#include "search.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "parallel.hpp"
#include "plugins/steg/watermark/index.hpp"
#include "redundancy.hpp"

namespace steg::sync {

namespace {

constexpr int kBlock = 72;          // cells, one side
constexpr std::size_t kBlocks = 3;  // of a lattice, those with the strongest fields
constexpr std::size_t kChunk = 64;  // shapes after which the best seeds are followed up
constexpr std::size_t kPeaks = 3;   // of a patch
constexpr std::size_t kFollowed = 6;
constexpr std::size_t kBriefMoments = 2;
constexpr int kPilotMargin = 8;
constexpr double kSamePlace = 2;  // cells

// Of some 10^6 shifts and shapes without a mark the highest power lies about this much above that of noise; the climb
// from it adds some more.
constexpr double kLeastSeed = 24;
constexpr double kLeastPlace = 36;
// Chance alone makes the pilots of a seed fit, not the code cells around them: shares of the squared pilot strength
// that the code power must reach. 2 is to be expected of a mark, with a deviation of 23.
constexpr double kLeastSeedCode = 0.3;
constexpr double kLeastPlaceCode = 0.5;
// What the climb made of noise mostly falls below this once the extractor has looked again.
constexpr double kLeastVisited = 5.5;

struct Bounds {
  double left, top, right, bottom;
  double width() const { return right - left; }
  double height() const { return bottom - top; }
};

Bounds bounds(const Quad& quad) {
  Bounds box{quad[0].x, quad[0].y, quad[0].x, quad[0].y};
  for (const Point& corner : quad) {
    box.left = std::min(box.left, corner.x);
    box.top = std::min(box.top, corner.y);
    box.right = std::max(box.right, corner.x);
    box.bottom = std::max(box.bottom, corner.y);
  }
  return box;
}

struct Run {
  int first, count;
};

/// Shifts of something that begins `before` cells after the beginning of what the copy shows, `shown` cells long, which
/// keep that on a grid of `grid` cells, or the grid on it, give or take `slack`.
Run shifts(double before, double shown, double grid, double slack) {
  const double from = std::min(0.0, grid - shown) - slack + before;
  const double to = std::max(0.0, grid - shown) + slack + before;
  const int first = static_cast<int>(std::floor(from));
  return {first, static_cast<int>(std::ceil(to)) - first + 1};
}

/// Centres of the blocks of a stack whose fields are strongest: the extractor's field is larger where it is surer.
std::vector<Point> strongest_blocks(const FieldStack& stack) {
  const int across = std::max(1, stack.size.width / kBlock);
  const int down = std::max(1, stack.size.height / kBlock);
  struct Tile {
    double energy;
    Point centre;
  };
  std::vector<Tile> tiles;
  for (int j = 0; j < down; ++j) {
    for (int i = 0; i < across; ++i) {
      const int left = i * stack.size.width / across;
      const int right = (i + 1) * stack.size.width / across;
      const int top = j * stack.size.height / down;
      const int bottom = (j + 1) * stack.size.height / down;
      double energy = 0;
      for (const auto& field : stack.fields) {
        for (int y = top; y < bottom; ++y) {
          for (int x = left; x < right; ++x) {
            const double value = field[index(y) * index(stack.size.width) + index(x)];
            energy += value * value;
          }
        }
      }
      tiles.push_back({energy, {(left + right) / 2.0, (top + bottom) / 2.0}});
    }
  }
  std::sort(tiles.begin(), tiles.end(), [](const Tile& a, const Tile& b) { return a.energy > b.energy; });
  std::vector<Point> centres;
  for (std::size_t i = 0; i < std::min(kBlocks, tiles.size()); ++i) centres.push_back(tiles[i].centre);
  return centres;
}

double least(double above, std::size_t moments) { return above + kPowerOfNoise * static_cast<double>(moments); }

double work_of(const Stage& stage) {
  const double cells = stage.lattice.cells();
  const double patches = stage.whole ? 2 * cells : static_cast<double>(kBlocks) * kBlock * kBlock * 3;
  // In units of correlated cells; the extractor takes about as long for a cell as 20 correlations.
  return (stage.brief ? 0.3 : 1.0) * (static_cast<double>(stage.shapes.size()) * patches + 20 * cells);
}

}  // namespace

Search::Search(const ChipMap& chips, ExtractField extract, std::vector<Moment> moments, std::vector<Area> areas,
               SearchOptions options)
    : chips_(chips),
      extract_(std::move(extract)),
      moments_(std::move(moments)),
      areas_(std::move(areas)),
      options_(std::move(options)) {
  if (moments_.empty() || moments_.front().empty()) throw std::invalid_argument("a search needs a picture");
  for (int i = 0; i < std::max(1, options_.threads); ++i) correlators_.emplace_back(chips_);
}

FieldStack Search::stack(const Projection& to_picture, GridSize size, bool brief) const {
  struct View {
    const Picture* picture;
    std::size_t moment;
  };
  std::vector<View> views;
  const std::size_t moments = brief ? std::min(kBriefMoments, moments_.size()) : moments_.size();
  for (std::size_t moment = 0; moment < moments; ++moment) {
    for (const Picture& picture : moments_[moment]) {
      views.push_back({&picture, moment});
      if (brief) break;
    }
  }
  const auto cells = index(size.cells());
  FieldStack stack{size, to_picture, std::vector<std::vector<float>>(moments, std::vector<float>(cells, 0.0F))};
  std::mutex mutex;
  in_parallel(views.size(), correlators_.size(), [&](std::size_t i, std::size_t) {
    const CellLayout layout{size, options_.planes};
    std::vector<float> seen(layout.cells());
    std::vector<float> field(cells);
    std::vector<std::uint8_t> inside(cells);
    const Picture& picture = *views[i].picture;
    sample_planes(picture.planes(), picture.motion * to_picture, layout, seen.data(), inside.data());
    extract_(seen.data(), size, field.data());
    const std::lock_guard<std::mutex> lock(mutex);
    std::vector<float>& sum = stack.fields[views[i].moment];
    for (std::size_t cell = 0; cell < cells; ++cell) sum[cell] += inside[cell] != 0 ? field[cell] : 0.0F;
  });
  return stack;
}

std::shared_ptr<const FieldStack> Search::stack_of(const Stage& stage) {
  const Projection place = to_picture(stage);
  const auto extracted = [&] { return std::make_shared<const FieldStack>(stack(place, stage.lattice, stage.brief)); };
  if (stage.brief) return extracted();
  const auto known = std::find_if(stacks_.begin(), stacks_.end(), [&](const auto& other) {
    return other->size == stage.lattice && other->to_picture.matrix() == place.matrix();
  });
  return known != stacks_.end() ? *known : stacks_.emplace_back(extracted());
}

bool Search::run_stage(const Stage& stage, const Visit& visit) {
  const std::shared_ptr<const FieldStack> kept = stack_of(stage);
  const FieldStack& stack = *kept;
  const std::vector<Point> blocks = stage.whole ? std::vector<Point>() : strongest_blocks(stack);
  const auto seeds_of = [&](const Shape& shape, Correlator& correlator) {
    const Projection linear = Projection::rotation(shape.radians) * Projection::scaling(shape.x, shape.y);
    const Projection back = *linear.inverse();
    const Bounds shown = bounds(back(rectangle(0, 0, stack.size.width, stack.size.height)));
    // What was turned and then cropped shows less than its corners span.
    const double slack_x = stage.slack + shown.width() - stack.size.width / shape.x;
    const double slack_y = stage.slack + shown.height() - stack.size.height / shape.y;
    std::vector<Seed> seeds;
    const auto search_patch = [&](Point corner, int width, int height, CellRange pilots) {
      const Patch patch = {linear * Projection::translation(corner.x, corner.y), width, height};
      const Run x = shifts(corner.x - shown.left, shown.width(), stage.grid.width, slack_x);
      const Run y = shifts(corner.y - shown.top, shown.height(), stage.grid.height, slack_y);
      if (pilots.width == 0) pilots = {x.first, y.first, 1, 1};
      for (const Peak& peak : correlator.peaks(stack, patch, {x.first, y.first, x.count, y.count}, pilots, kPeaks)) {
        seeds.push_back({patch.to_lattice * Projection::translation(-peak.shift.x, -peak.shift.y),
                         {static_cast<int>(peak.shift.x), static_cast<int>(peak.shift.y), width, height},
                         peak.power});
      }
    };
    if (stage.whole) {
      const CellRange pilots = {-kPilotMargin, -kPilotMargin, stage.grid.width + 2 * kPilotMargin,
                                stage.grid.height + 2 * kPilotMargin};
      // A peak is about a cell wide: looked at in steps of half a cell, on a diagonal.
      for (const double half : {0.0, 0.5}) {
        search_patch({shown.left + half, shown.top + half}, static_cast<int>(shown.width()),
                     static_cast<int>(shown.height()), pilots);
      }
    } else {
      for (const Point& block : blocks) {
        const Point centre = back(block);
        search_patch({centre.x - kBlock / 2.0, centre.y - kBlock / 2.0}, kBlock, kBlock, {0, 0, 0, 0});
      }
    }
    return seeds;
  };

  for (std::size_t from = 0; from < stage.shapes.size(); from += kChunk) {
    const std::size_t count = std::min(kChunk, stage.shapes.size() - from);
    std::vector<Seed> seeds;
    std::mutex mutex;
    in_parallel(count, correlators_.size(), [&](std::size_t i, std::size_t worker) {
      const std::vector<Seed> some = seeds_of(stage.shapes[from + i], correlators_[worker]);
      const std::lock_guard<std::mutex> lock(mutex);
      seeds.insert(seeds.end(), some.begin(), some.end());
    });
    if (settle(stack, stage, std::move(seeds), visit)) return true;
  }
  return false;
}

bool Search::known(const Projection& to_picture, CellRange range) const {
  const Quad corners = rectangle(range.left, range.top, range.width, range.height);
  return std::any_of(visited_.begin(), visited_.end(), [&](const Location& location) {
    const auto back = location.to_picture.inverse();
    return back && largest_difference(*back * to_picture, Projection(), corners) < kSamePlace;
  });
}

std::optional<Alignment> Search::follow(const FieldStack& stack, const Seed& seed) const {
  const Refinement refinement(chips_, stack);
  const auto confirmed = [&](const Alignment& alignment, double share) {
    if (!chips_.has_code()) return true;
    const double once = redundancy(alignment.epochs.size(), alignment.correlation);
    return refinement.code_power(alignment) >= share * alignment.strength * alignment.strength / once;
  };
  if (!confirmed(refinement.measure(seed.to_lattice, seed.range), kLeastSeedCode)) return std::nullopt;
  const CellRange shown = shown_cells(seed.to_lattice, stack.size);
  Alignment found = refinement.grow(seed.to_lattice, seed.range, shown);
  const double power = counted_once(found.strength * found.strength, found.epochs.size(), found.correlation);
  const bool likely = power >= least(kLeastPlace, stack.fields.size());
  if (!likely || !confirmed(found, kLeastPlaceCode)) return std::nullopt;
  return found;
}

bool Search::settle(const FieldStack& stack, const Stage& stage, std::vector<Seed> seeds, const Visit& visit) {
  const double least_power = least(kLeastSeed, stack.fields.size());
  seeds.erase(std::remove_if(seeds.begin(), seeds.end(), [&](const Seed& seed) { return seed.power < least_power; }),
              seeds.end());
  std::sort(seeds.begin(), seeds.end(), [](const Seed& a, const Seed& b) { return a.power > b.power; });
  if (seeds.size() > kFollowed) seeds.resize(kFollowed);
  std::vector<std::optional<Alignment>> places(seeds.size());
  in_parallel(seeds.size(), correlators_.size(),
              [&](std::size_t i, std::size_t) { places[i] = follow(stack, seeds[i]); });
  for (const std::optional<Alignment>& found : places) {
    if (!found) continue;
    Location location{stack.to_picture * found->to_lattice, {}, found->strength, stage.how};
    if (known(location.to_picture, found->extent)) continue;
    // Once more on a lattice that is the grid itself, which the extractor reads best.
    location.grid = {(found->extent.left + found->extent.width) / 2 * 2,
                     (found->extent.top + found->extent.height) / 2 * 2};
    if (location.grid.width < kBlock || location.grid.height < kBlock) continue;
    const FieldStack exact = this->stack(location.to_picture, location.grid, stage.brief);
    RefineOptions last;
    last.code_cells = true;
    const Alignment placed =
        Refinement(chips_, exact)
            .climb({Projection(), {}, {}, 0, 0}, {0, 0, location.grid.width, location.grid.height}, last);
    location.to_picture = location.to_picture * placed.to_lattice;
    location.strength = placed.strength;
    if (location.strength < kLeastVisited) continue;
    visited_.push_back(location);
    if (visit(location)) return true;
  }
  return false;
}

bool Search::run(const Visit& visit) {
  const std::vector<Stage> stages = plan(moments_.front().front().width, moments_.front().front().height, areas_);
  work_done_ = 0;
  work_ = 0;
  for (const Stage& stage : stages) work_ += work_of(stage);
  for (const Stage& stage : stages) {
    if (run_stage(stage, visit)) return true;
    add_progress(work_of(stage));
  }
  return false;
}

void Search::add_progress(double work) {
  work_done_ += work;
  if (options_.progress) options_.progress(work_done_ / work_);
}

}  // namespace steg::sync
