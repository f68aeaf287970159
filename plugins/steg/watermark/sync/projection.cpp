// SPDX-License-Identifier: LGPL-2.1-or-later
#include "projection.hpp"

#include <algorithm>
#include <cmath>

namespace steg::sync {

namespace {

// Below this share of the product of the sides, a triangle counts as a line.
constexpr double kFlat = 1e-9;

/// The map that takes the unit square to `quad` (Heckbert 1989, section 2.2.3).
std::optional<Projection> from_unit_square(const Quad& quad) {
  const Point d1{quad[1].x - quad[2].x, quad[1].y - quad[2].y};
  const Point d2{quad[3].x - quad[2].x, quad[3].y - quad[2].y};
  const Point sum{quad[0].x - quad[1].x + quad[2].x - quad[3].x, quad[0].y - quad[1].y + quad[2].y - quad[3].y};
  const double determinant = d1.x * d2.y - d2.x * d1.y;
  if (!(std::fabs(determinant) > kFlat * std::hypot(d1.x, d1.y) * std::hypot(d2.x, d2.y))) return std::nullopt;
  const double g = (sum.x * d2.y - d2.x * sum.y) / determinant;
  const double h = (d1.x * sum.y - sum.x * d1.y) / determinant;
  return Projection({quad[1].x - quad[0].x + g * quad[1].x, quad[3].x - quad[0].x + h * quad[3].x, quad[0].x,
                     quad[1].y - quad[0].y + g * quad[1].y, quad[3].y - quad[0].y + h * quad[3].y, quad[0].y, g, h, 1});
}

}  // namespace

Quad rectangle(double left, double top, double width, double height) {
  return {Point{left, top}, Point{left + width, top}, Point{left + width, top + height}, Point{left, top + height}};
}

Projection Projection::rotation(double radians) {
  const double c = std::cos(radians);
  const double s = std::sin(radians);
  return affine(c, -s, 0, s, c, 0);
}

std::optional<Projection> Projection::between(const Quad& from, const Quad& to) {
  const auto source = from_unit_square(from);
  const auto target = from_unit_square(to);
  if (!source || !target) return std::nullopt;
  const auto back = source->inverse();
  if (!back) return std::nullopt;
  return *target * *back;
}

Quad Projection::operator()(const Quad& quad) const {
  return {(*this)(quad[0]), (*this)(quad[1]), (*this)(quad[2]), (*this)(quad[3])};
}

Projection Projection::operator*(const Projection& inner) const {
  std::array<double, 9> product{};
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = 0; column < 3; ++column) {
      for (std::size_t k = 0; k < 3; ++k) product[3 * row + column] += m_[3 * row + k] * inner.m_[3 * k + column];
    }
  }
  return Projection(product);
}

std::optional<Projection> Projection::inverse() const {
  const auto& m = m_;
  const std::array<double, 9> adjugate = {
      m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
      m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
      m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]};
  const double determinant = m[0] * adjugate[0] + m[1] * adjugate[3] + m[2] * adjugate[6];
  if (!std::isfinite(determinant) || determinant == 0) return std::nullopt;
  std::array<double, 9> inverse{};
  for (std::size_t i = 0; i < inverse.size(); ++i) inverse[i] = adjugate[i] / determinant;
  return Projection(inverse);
}

std::array<double, 4> Projection::derivative(Point p) const {
  const double w = m_[6] * p.x + m_[7] * p.y + m_[8];
  const Point at = (*this)(p);
  return {(m_[0] - at.x * m_[6]) / w, (m_[1] - at.x * m_[7]) / w, (m_[3] - at.y * m_[6]) / w,
          (m_[4] - at.y * m_[7]) / w};
}

Projection Projection::affine_at(Point p) const {
  const auto d = derivative(p);
  const Point at = (*this)(p);
  return affine(d[0], d[1], at.x - d[0] * p.x - d[1] * p.y, d[2], d[3], at.y - d[2] * p.x - d[3] * p.y);
}

double largest_difference(const Projection& a, const Projection& b, const Quad& quad) {
  double largest = 0;
  for (const Point& corner : quad) {
    const Point first = a(corner);
    const Point second = b(corner);
    largest = std::max(largest, std::hypot(first.x - second.x, first.y - second.y));
  }
  return largest;
}

}  // namespace steg::sync
