// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sampling.hpp"

#include <algorithm>
#include <cmath>

#include "../index.hpp"

namespace steg::sync {

namespace {

// Samples per cell and axis: one a pixel, within these.
constexpr double kFewestSamples = 2;
constexpr double kMostSamples = 12;

/// Bilinear interpolation between pixel centres; the border is repeated.
float luma_at(const LumaView& picture, double x, double y) {
  const double left = std::clamp(x - 0.5, 0.0, static_cast<double>(picture.width - 1));
  const double top = std::clamp(y - 0.5, 0.0, static_cast<double>(picture.height - 1));
  const auto column = static_cast<int>(left);
  const auto row = static_cast<int>(top);
  const auto right_weight = static_cast<float>(left - column);
  const auto lower_weight = static_cast<float>(top - row);
  const std::uint8_t* upper = picture.luma + picture.stride * row + column;
  const std::uint8_t* lower = row + 1 < picture.height ? upper + picture.stride : upper;
  const std::ptrdiff_t next = column + 1 < picture.width ? 1 : 0;
  const float above = static_cast<float>(upper[0]) + right_weight * static_cast<float>(upper[next] - upper[0]);
  const float below = static_cast<float>(lower[0]) + right_weight * static_cast<float>(lower[next] - lower[0]);
  return above + lower_weight * (below - above);
}

int samples_for(double pixels) { return static_cast<int>(std::ceil(std::clamp(pixels, kFewestSamples, kMostSamples))); }

}  // namespace

void sample_picture(const LumaView& picture, const Projection& to_picture, GridSize size, float* cells,
                    std::uint8_t* inside) {
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
        const double v = (j + 0.5) / down - 0.5;
        for (int i = 0; i < across; ++i) {
          const double u = (i + 0.5) / across - 0.5;
          sum += luma_at(picture, p.x + d[0] * u + d[1] * v, p.y + d[2] * u + d[3] * v);
        }
      }
      cells[at] = sum / (255.0F * static_cast<float>(across * down));
    }
  }
}

std::vector<float> resample_field(const FieldView& field, const Projection& to_field, int width, int height) {
  std::vector<float> out(index(width) * index(height));
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
