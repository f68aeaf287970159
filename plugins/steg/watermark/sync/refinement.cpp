// SPDX-License-Identifier: LGPL-2.1-or-later
#include "refinement.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "redundancy.hpp"

namespace steg::sync {

namespace {

// Enough to tell where the peak is; more of them only cost time.
constexpr std::size_t kMostPilots = 6000;
constexpr std::size_t kAllPilots = std::numeric_limits<std::size_t>::max();
constexpr int kSteps = 3;   // step sizes, each half of the one before
constexpr int kRounds = 4;  // over all directions, at one step size
constexpr double kGrowth = 1.5;
// A range that grows should gain strength with the root of its area. It may also grow into black bars.
constexpr double kLeastGain = 0.8;

struct Cell {
  float x, y;
  float sign;
  std::uint8_t bit;
};

Quad corners(const CellRange& range) { return rectangle(range.left, range.top, range.width, range.height); }

/// Directions in which the corners move: each is a pair (how x, how y moves) of 1, X, Y and XY over the range, X and Y
/// running from -1 to 1.
struct Direction {
  int pattern;  ///< 0: all alike, 1: left against right, 2: top against bottom, 3: crosswise
  bool along_y;
};

std::vector<Direction> directions(Freedom freedom) {
  const int patterns = freedom == Freedom::translation ? 1 : freedom == Freedom::affine ? 3 : 4;
  std::vector<Direction> all;
  for (int pattern = 0; pattern < patterns; ++pattern) {
    all.push_back({pattern, false});
    all.push_back({pattern, true});
  }
  return all;
}

Quad moved(Quad quad, Direction direction, double step) {
  constexpr std::array<std::array<int, 4>, 4> kPatterns = {
      {{{1, 1, 1, 1}}, {{-1, 1, 1, -1}}, {{-1, -1, 1, 1}}, {{1, -1, 1, -1}}}};
  const auto& pattern = kPatterns[static_cast<std::size_t>(direction.pattern)];
  for (std::size_t corner = 0; corner < quad.size(); ++corner) {
    double& coordinate = direction.along_y ? quad[corner].y : quad[corner].x;
    coordinate += step * pattern[corner];
  }
  return quad;
}

std::vector<Cell> code_cells(const ChipMap& chips, int epoch, const CellRange& range) {
  std::vector<Cell> cells;
  const CellRange known = common(range, ChipMap::range());
  for (int y = known.top; y < known.top + known.height; ++y) {
    for (int x = known.left; x < known.left + known.width; ++x) {
      const std::int8_t sign = chips.code(epoch, x, y);
      if (sign == 0) continue;
      cells.push_back({static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F, static_cast<float>(sign),
                       chips.bit(epoch, x, y)});
    }
  }
  return cells;
}

std::vector<Cell> pilots(const ChipMap& chips, int epoch, const CellRange& range, std::size_t most) {
  std::vector<Cell> cells;
  const CellRange known = common(range, ChipMap::range());
  for (int y = known.top; y < known.top + known.height; ++y) {
    for (int x = known.left; x < known.left + known.width; ++x) {
      const std::int8_t sign = chips.pilot(epoch, x, y);
      if (sign != 0)
        cells.push_back({static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F, static_cast<float>(sign), 0});
    }
  }
  if (cells.size() > most) {
    std::vector<Cell> thinned;
    for (std::size_t i = 0; i < most; ++i) thinned.push_back(cells[i * cells.size() / most]);
    return thinned;
  }
  return cells;
}

double strength(const FieldView& field, const Projection& to_lattice, const std::vector<Cell>& cells) {
  double product = 0;
  double energy = 0;
  for (const Cell& cell : cells) {
    const float value = field(to_lattice(Point{cell.x, cell.y}));
    product += cell.sign * value;
    energy += static_cast<double>(value) * value;
  }
  return energy > 0 ? product / std::sqrt(energy) : 0;
}

/// Sum over the 256 code bits of z^2, less what noise adds: bits are unknown, so only how large they are counts.
/// `cells` and the fields of `stack` are those of the moments, all of which carry the same bits. `alignment`: its
/// epochs and correlation count.
double power_of_bits(const FieldStack& stack, const Projection& to_lattice, const std::vector<std::vector<Cell>>& cells,
                     const Alignment& alignment) {
  std::array<double, kCodeBits> product{};
  std::array<double, kCodeBits> energy{};
  for (std::size_t moment = 0; moment < cells.size(); ++moment) {
    const FieldView field = stack.view(moment);
    const auto& epochs = alignment.epochs;
    const auto alike = std::count(epochs.begin(), epochs.end(), epochs.at(moment));
    const double repeated = redundancy(static_cast<std::size_t>(alike), alignment.correlation);
    for (const Cell& cell : cells[moment]) {
      const double value = static_cast<double>(field(to_lattice(Point{cell.x, cell.y})));
      product[cell.bit] += static_cast<double>(cell.sign) * value;
      energy[cell.bit] += value * value * repeated;
    }
  }
  double power = 0;
  for (std::size_t bit = 0; bit < product.size(); ++bit) {
    if (energy[bit] > 0) power += product[bit] * product[bit] / energy[bit] - 1;
  }
  return power;
}

/// Of the fields of a stack where they show `cells`.
double correlation(const FieldStack& stack, const Projection& to_lattice, const std::vector<Cell>& cells) {
  std::vector<std::vector<float>> values(stack.fields.size());
  for (std::size_t moment = 0; moment < values.size(); ++moment) {
    const FieldView field = stack.view(moment);
    for (const Cell& cell : cells) values[moment].push_back(field(to_lattice(Point{cell.x, cell.y})));
  }
  return mean_correlation(values);
}

double positive_square(double value) { return value > 0 ? value * value : 0; }

}  // namespace

CellRange shown_cells(const Projection& to_lattice, GridSize lattice) {
  const auto back = to_lattice.inverse();
  if (!back) return {0, 0, 0, 0};
  double left = std::numeric_limits<double>::infinity();
  double top = left;
  double right = -left;
  double bottom = -left;
  for (const Point& corner : (*back)(rectangle(0, 0, lattice.width, lattice.height))) {
    left = std::min(left, corner.x);
    right = std::max(right, corner.x);
    top = std::min(top, corner.y);
    bottom = std::max(bottom, corner.y);
  }
  if (!std::isfinite(left + right + top + bottom)) return {0, 0, 0, 0};
  const auto cell = [](double value) { return static_cast<int>(std::lround(std::clamp(value, -1e6, 1e6))); };
  // The marked grid itself begins at (0, 0).
  const CellRange marked = {0, 0, ChipMap::kSide - ChipMap::kMargin, ChipMap::kSide - ChipMap::kMargin};
  return common({cell(left), cell(top), cell(right) - cell(left), cell(bottom) - cell(top)}, marked);
}

Alignment Refinement::measure(const Projection& to_lattice, CellRange range) const {
  std::vector<double> best(stack_.fields.size(), 0.0);
  Alignment alignment{to_lattice, range, std::vector<int>(best.size(), 0), 0, 0};
  for (int epoch = 0; epoch < kEpochs; ++epoch) {
    const std::vector<Cell> cells = pilots(chips_, epoch, range, kAllPilots);
    if (epoch == 0) alignment.correlation = correlation(stack_, to_lattice, cells);
    for (std::size_t moment = 0; moment < best.size(); ++moment) {
      const double value = strength(stack_.view(moment), to_lattice, cells);
      if (value <= best[moment]) continue;
      best[moment] = value;
      alignment.epochs[moment] = epoch;
    }
  }
  double power = 0;
  for (const double value : best) power += value * value;
  alignment.strength = std::sqrt(power);
  return alignment;
}

double Refinement::code_power(const Alignment& alignment) const {
  std::vector<std::vector<Cell>> cells;
  for (const int epoch : alignment.epochs) cells.push_back(code_cells(chips_, epoch, alignment.extent));
  return power_of_bits(stack_, alignment.to_lattice, cells, alignment);
}

Alignment Refinement::over(const Alignment& alignment, CellRange range) const {
  Alignment part = alignment;
  part.extent = range;
  double power = 0;
  for (std::size_t moment = 0; moment < stack_.fields.size(); ++moment) {
    const auto cells = pilots(chips_, part.epochs.at(moment), range, kAllPilots);
    power += positive_square(strength(stack_.view(moment), part.to_lattice, cells));
  }
  part.strength = std::sqrt(power);
  return part;
}

Alignment Refinement::climb(const Alignment& start, CellRange range, const RefineOptions& options) const {
  if (range.width < 1 || range.height < 1) return start;
  Alignment best = start;
  if (best.epochs.size() != stack_.fields.size()) best = measure(start.to_lattice, range);
  const bool with_code = options.code_cells && chips_.has_code();
  std::vector<std::vector<Cell>> cells;
  std::vector<std::vector<Cell>> code;
  for (const int epoch : best.epochs) {
    cells.push_back(pilots(chips_, epoch, range, options.code_cells ? kAllPilots : kMostPilots));
    if (with_code) code.push_back(code_cells(chips_, epoch, range));
  }
  const auto power = [&](const Projection& projection) {
    double sum = with_code ? power_of_bits(stack_, projection, code, best) : 0;
    for (std::size_t moment = 0; moment < cells.size(); ++moment)
      sum += positive_square(strength(stack_.view(moment), projection, cells[moment]));
    return sum;
  };

  const Quad from = corners(range);
  Quad to = best.to_lattice(from);
  double highest = power(best.to_lattice);
  double step = options.first_step;
  for (int size = 0; size < kSteps; ++size, step /= 2) {
    for (int round = 0; round < kRounds; ++round) {
      bool improved = false;
      for (const Direction direction : directions(options.freedom)) {
        for (const double signed_step : {step, -step}) {
          const Quad tried = moved(to, direction, signed_step);
          const auto projection = Projection::between(from, tried);
          if (!projection) continue;
          const double value = power(*projection);
          if (value > highest) {
            highest = value;
            to = tried;
            best.to_lattice = *projection;
            improved = true;
            break;
          }
        }
      }
      if (!improved) break;
    }
  }
  return over(best, range);
}

Alignment Refinement::grow(const Projection& to_lattice, CellRange seed, CellRange whole,
                           const RefineOptions& options) const {
  RefineOptions affine = options;
  affine.freedom = std::min(options.freedom, Freedom::affine);
  CellRange range = common(seed, whole);
  Alignment best = climb(measure(to_lattice, range), range, affine);
  while (range.width < whole.width || range.height < whole.height) {
    const int width = static_cast<int>(range.width * kGrowth) + 1;
    const int height = static_cast<int>(range.height * kGrowth) + 1;
    range =
        common({range.left - (width - range.width) / 2, range.top - (height - range.height) / 2, width, height}, whole);
    const bool nearly_all = range.width * 10 >= whole.width * 6 && range.height * 10 >= whole.height * 6;
    const Alignment larger = climb(measure(best.to_lattice, range), range, nearly_all ? options : affine);
    if (larger.strength < kLeastGain * best.strength) break;
    best = larger;
  }
  return measure(best.to_lattice, best.extent);
}

}  // namespace steg::sync
