// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sampling.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "plugins/steg/watermark/index.hpp"
#include "plugins/steg/watermark/resampling.hpp"

namespace steg::sync {

namespace {

// Samples per cell and axis: one a pixel, within these.
constexpr double kFewestSamples = 2;
constexpr double kMostSamples = 12;

int samples_for(double pixels) { return static_cast<int>(std::ceil(std::clamp(pixels, kFewestSamples, kMostSamples))); }

/// Where sample number `i` of so many in a cell lies, in cells from its centre.
double place_in_cell(int i, int samples) { return (i + 0.5) / samples - 0.5; }

/// Bilinear interpolation along one axis, between pixel centres; the border is repeated.
struct LinearTap {
  int first;
  int second;
  float weight;  ///< of the second

  LinearTap(double place, int pixels) {
    const double start = std::clamp(place - 0.5, 0.0, static_cast<double>(pixels - 1));
    first = static_cast<int>(start);
    second = std::min(first + 1, pixels - 1);
    weight = static_cast<float>(start - first);
  }
};

float luma_at(const LumaView& picture, double x, double y) {
  const LinearTap column(x, picture.width);
  const LinearTap row(y, picture.height);
  const std::uint8_t* upper = picture.luma + picture.stride * row.first;
  const std::uint8_t* lower = picture.luma + picture.stride * row.second;
  const auto between = [&](const std::uint8_t* values) {
    return static_cast<float>(values[column.first]) +
           column.weight * static_cast<float>(values[column.second] - values[column.first]);
  };
  const float above = between(upper);
  return above + row.weight * (between(lower) - above);
}

/// cell -> place along one axis of the picture or field.
struct AxisMap {
  double start;
  double step;
  double operator()(double cell) const { return start + step * cell; }
};

struct AxisMaps {
  AxisMap x;
  AxisMap y;
};

/// Maps that take rows to rows need only be worked out along each axis: nothing for others.
std::optional<AxisMaps> axis_maps(const Projection& map) {
  const std::array<double, 9>& m = map.matrix();
  if (m[1] != 0 || m[3] != 0 || m[6] != 0 || m[7] != 0) return std::nullopt;
  const AxisMaps axes{{m[2] / m[8], m[0] / m[8]}, {m[5] / m[8], m[4] / m[8]}};
  const bool finite = std::isfinite(axes.x.start) && std::isfinite(axes.x.step) && std::isfinite(axes.y.start) &&
                      std::isfinite(axes.y.step);
  return finite ? std::optional(axes) : std::nullopt;
}

/// Cells along one axis of a picture.
struct CellAxis {
  Resampling pixels;                 ///< that each cell is the mean of
  std::vector<std::uint8_t> inside;  ///< 1 where the cell's centre lies in the picture
};

CellAxis cell_axis(const AxisMap& to_picture, int cells, int pixels) {
  CellAxis axis;
  std::vector<std::vector<LinearTap>> samples;
  for (int cell = 0; cell < cells; ++cell) {
    const double centre = to_picture(cell + 0.5);
    const bool inside = centre >= 0 && centre < pixels;
    const int count = inside ? samples_for(std::abs(to_picture.step)) : 1;
    std::vector<LinearTap> taps;
    for (int i = 0; i < count; ++i) taps.emplace_back(centre + to_picture.step * place_in_cell(i, count), pixels);
    const auto [first, last] = std::minmax(taps.front().first, taps.back().first);
    axis.pixels.taps = std::max(axis.pixels.taps, std::min(last + 1, pixels - 1) + 1 - first);
    axis.pixels.first.push_back(first);
    axis.inside.push_back(inside ? 1 : 0);
    samples.push_back(std::move(taps));
  }
  axis.pixels.weights.resize(index(cells) * index(axis.pixels.taps));
  float* weights = axis.pixels.weights.data();
  for (std::size_t cell = 0; cell < samples.size(); ++cell, weights += axis.pixels.taps) {
    int& first = axis.pixels.first[cell];
    first = std::min(first, pixels - axis.pixels.taps);
    const float share = 1 / static_cast<float>(samples[cell].size());
    for (const LinearTap& tap : samples[cell]) {
      weights[tap.first - first] += share * (1 - tap.weight);
      weights[tap.second - first] += share * tap.weight;
    }
  }
  return axis;
}

void sample_by_axes(const LumaView& picture, const AxisMaps& to_picture, GridSize size, float* cells,
                    std::uint8_t* inside) {
  const CellAxis columns = cell_axis(to_picture.x, size.width, picture.width);
  const CellAxis rows = cell_axis(to_picture.y, size.height, picture.height);
  const auto [leftmost, rightmost] = std::minmax_element(columns.pixels.first.begin(), columns.pixels.first.end());
  const int left = *leftmost;
  const int right = *rightmost + columns.pixels.taps;
  std::vector<float> means(index(picture.width));
  const float* weight = rows.pixels.weights.data();
  for (std::size_t y = 0; y < index(size.height); ++y) {
    std::fill(means.begin() + left, means.begin() + right, 0.0F);
    for (int tap = 0; tap < rows.pixels.taps; ++tap, ++weight) {
      const std::uint8_t* luma = picture.luma + picture.stride * (rows.pixels.first[y] + tap);
      for (int x = left; x < right; ++x) means[index(x)] += *weight * static_cast<float>(luma[x]);
    }
    resample(columns.pixels, means.data(), 1 / 255.0F, cells);
    for (std::size_t x = 0; x < index(size.width); ++x) inside[x] = rows.inside[y] & columns.inside[x];
    cells += size.width;
    inside += size.width;
  }
}

void resample_by_axes(const FieldView& field, const AxisMaps& to_field, int width, int height, float* out) {
  std::vector<CubicTap> columns;
  int begin = 0;  // of the cells that have all their neighbours
  for (int x = 0; x < width; ++x) {
    if (const auto tap = CubicTap::at(to_field.x(x + 0.5), field.size().width)) {
      if (columns.empty()) begin = x;
      columns.push_back(*tap);
    }
  }
  if (columns.empty()) return;
  const int left = std::min(columns.front().first, columns.back().first);
  const int right = std::max(columns.front().first, columns.back().first) + 4;
  std::vector<float> means(index(right));
  for (int y = 0; y < height; ++y, out += width) {
    const auto row = CubicTap::at(to_field.y(y + 0.5), field.size().height);
    if (!row) continue;
    const std::array<const float*, 4> from{field.row(row->first), field.row(row->first + 1), field.row(row->first + 2),
                                           field.row(row->first + 3)};
    for (int x = left; x < right; ++x)
      means[index(x)] =
          row->w[0] * from[0][x] + row->w[1] * from[1][x] + row->w[2] * from[2][x] + row->w[3] * from[3][x];
    for (std::size_t i = 0; i < columns.size(); ++i) out[index(begin) + i] = columns[i](means.data());
  }
}

}  // namespace

void sample_picture(const LumaView& picture, const Projection& to_picture, GridSize size, float* cells,
                    std::uint8_t* inside) {
  if (const auto axes = axis_maps(to_picture)) return sample_by_axes(picture, *axes, size, cells, inside);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const std::size_t at = index(y) * index(size.width) + index(x);
      const Point centre{x + 0.5, y + 0.5};
      const Point p = to_picture(centre);
      inside[at] = p.x >= 0 && p.y >= 0 && p.x < picture.width && p.y < picture.height ? 1 : 0;
      const bool finite = std::isfinite(p.x) && std::isfinite(p.y);
      if (!finite) {
        cells[at] = 0.5F;
        continue;
      }
      // Within one cell the projection is taken as affine.
      const auto d = to_picture.derivative(centre);
      const int across = inside[at] != 0 ? samples_for(std::hypot(d[0], d[2])) : 1;
      const int down = inside[at] != 0 ? samples_for(std::hypot(d[1], d[3])) : 1;
      float sum = 0;
      for (int j = 0; j < down; ++j) {
        const double v = place_in_cell(j, down);
        for (int i = 0; i < across; ++i) {
          const double u = place_in_cell(i, across);
          sum += luma_at(picture, p.x + d[0] * u + d[1] * v, p.y + d[2] * u + d[3] * v);
        }
      }
      cells[at] = sum / (255.0F * static_cast<float>(across * down));
    }
  }
}

void sample_planes(const Planes& picture, const Projection& to_picture, const CellLayout& layout, float* cells,
                   std::uint8_t* inside) {
  sample_picture(picture.luma, to_picture, layout.grid, cells, inside);
  if (!layout.has_chroma()) return;
  if (!picture.has_chroma()) {
    std::fill_n(cells + layout.cb(), 2 * layout.plane_cells(), kNeutralChroma);
    return;
  }
  const Projection to_chroma = Projection::scaling(static_cast<double>(picture.cb.width) / picture.luma.width,
                                                   static_cast<double>(picture.cb.height) / picture.luma.height) *
                               to_picture;
  std::vector<std::uint8_t> of_chroma(layout.plane_cells());
  sample_picture(picture.cb, to_chroma, layout.grid, cells + layout.cb(), of_chroma.data());
  sample_picture(picture.cr, to_chroma, layout.grid, cells + layout.cr(), of_chroma.data());
}

std::vector<float> resample_field(const FieldView& field, const Projection& to_field, int width, int height) {
  std::vector<float> out(index(width) * index(height));
  if (const auto axes = axis_maps(to_field)) {
    resample_by_axes(field, *axes, width, height, out.data());
    return out;
  }
  const std::array<double, 9>& m = to_field.matrix();
  for (int y = 0; y < height; ++y) {
    float* row = out.data() + index(y) * index(width);
    if (m[6] == 0 && m[7] == 0) {
      // Without perspective, a division less for each value.
      const Point first = to_field(Point{0.5, y + 0.5});
      const Point step{m[0] / m[8], m[3] / m[8]};
      for (int x = 0; x < width; ++x) row[x] = field({first.x + x * step.x, first.y + x * step.y});
    } else {
      for (int x = 0; x < width; ++x) row[x] = field(to_field(Point{x + 0.5, y + 0.5}));
    }
  }
  return out;
}

}  // namespace steg::sync
