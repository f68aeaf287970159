// Plane projective maps: where a copy shows each point of the marked picture.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <optional>
#include <vector>

namespace steg::sync {

/// In cells or in pixels; the first cell or pixel covers 0..1, its centre is at 0.5.
struct Point {
  double x = 0;
  double y = 0;
};

/// Four corners in the order left top, right top, right bottom, left bottom.
using Quad = std::array<Point, 4>;

/// The corners of a rectangle.
Quad rectangle(double left, double top, double width, double height);

/// A homography (3 x 3 matrix up to scale), affine maps among them.
class Projection {
 public:
  /// The identity.
  Projection() = default;
  explicit Projection(const std::array<double, 9>& row_by_row) : m_(row_by_row) {}

  /// (x, y) -> (a x + b y + c, d x + e y + f)
  static Projection affine(double a, double b, double c, double d, double e, double f) {
    return Projection({a, b, c, d, e, f, 0, 0, 1});
  }
  static Projection translation(double x, double y) { return affine(1, 0, x, 0, 1, y); }
  static Projection scaling(double x, double y) { return affine(x, 0, 0, 0, y, 0); }
  /// Turns the x axis towards the y axis.
  static Projection rotation(double radians);
  /// The map that takes the corners of `from` to those of `to`; nothing if three of either lie on a line.
  static std::optional<Projection> between(const Quad& from, const Quad& to);

  Point operator()(Point p) const {
    const double w = m_[6] * p.x + m_[7] * p.y + m_[8];
    return {(m_[0] * p.x + m_[1] * p.y + m_[2]) / w, (m_[3] * p.x + m_[4] * p.y + m_[5]) / w};
  }
  Quad operator()(const Quad& quad) const;

  /// First `inner`, then this.
  Projection operator*(const Projection& inner) const;
  /// Nothing if the map is singular.
  std::optional<Projection> inverse() const;

  /// How the map changes around `p`: its derivative {dx/dx, dx/dy, dy/dx, dy/dy}.
  std::array<double, 4> derivative(Point p) const;
  /// The affine map that agrees with this one in `p` and around it.
  Projection affine_at(Point p) const;

  const std::array<double, 9>& matrix() const { return m_; }

 private:
  std::array<double, 9> m_{1, 0, 0, 0, 1, 0, 0, 0, 1};
};

/// The largest distance between where two maps take the corners of `quad`.
double largest_difference(const Projection& a, const Projection& b, const Quad& quad);

}  // namespace steg::sync
