// Screens before a wall, as a camera sees them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cmath>

#include "marked_picture.hpp"
#include "screen_outline.hpp"
#include "search.hpp"

using namespace steg::sync;

namespace {

constexpr int kWidth = 960, kHeight = 540;
const Quad kCorners = {Point{110, 40}, Point{890, 66}, Point{850, 505}, Point{70, 480}};

Quad shifted(Quad quad, double x, double y) {
  for (Point& corner : quad) corner = {corner.x + x, corner.y + y};
  return quad;
}

/// A marked screen whose picture fills `corners`, before a wall of one brightness.
Picture filmed(const Quad& corners, unsigned seed) {
  const Projection to_picture = *Projection::between(rectangle(0, 0, 384, 216), corners);
  Picture picture =
      steg::test::draw_marked(steg::Key::public_default(), "LEAK", 3, kWidth, kHeight, to_picture, 4, seed);
  const Projection to_grid = *to_picture.inverse();
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const Point p = to_grid(Point{x + 0.5, y + 0.5});
      // draw_marked() leaves the surroundings grey.
      if (!(p.x >= 0 && p.y >= 0 && p.x < 384 && p.y < 216))
        picture.luma[static_cast<std::size_t>(y * kWidth + x)] -= 90;
    }
  }
  return picture;
}

double largest_distance(const Quad& a, const Quad& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::hypot(a[i].x - b[i].x, a[i].y - b[i].y));
  return largest;
}

}  // namespace

TEST_CASE("the outline of a filmed screen is found", "[outline]") {
  const auto outline = screen_outline(filmed(kCorners, 1).view());
  REQUIRE(outline);
  CHECK(largest_distance(*outline, kCorners) < 2);
}

TEST_CASE("a picture that fills the copy has no outline, nor has a plain one", "[outline]") {
  const Picture whole = steg::test::draw_marked(steg::Key::public_default(), "LEAK", 3, kWidth, kHeight,
                                                Projection::scaling(2.5, 2.5), 10, 1);
  CHECK_FALSE(screen_outline(whole.view()));
  const Picture plain{kWidth, kHeight, std::vector<std::uint8_t>(kWidth * kHeight, 90)};
  CHECK_FALSE(screen_outline(plain.view()));
  const Picture tiny{8, 8, std::vector<std::uint8_t>(64, 90)};
  CHECK_FALSE(screen_outline(tiny.view()));
}

TEST_CASE("pictures of a moving camera are brought together by their outlines", "[outline]") {
  const Picture blank{kWidth, kHeight, std::vector<std::uint8_t>(kWidth * kHeight, 90)};
  std::vector<Moment> moments = {{filmed(kCorners, 1), blank}, {blank}, {filmed(shifted(kCorners, 9, -5), 2)}};
  moments[1].push_back(filmed(shifted(kCorners, -4, 3), 3));
  const auto outline = follow_outline(moments);
  REQUIRE(outline);
  REQUIRE(moments.size() == 3);
  CHECK(moments[0].size() == 1);
  CHECK(moments[1].size() == 1);
  CHECK(largest_distance(moments[2][0].motion(*outline), shifted(*outline, 9, -5)) < 1.5);

  std::vector<Moment> without = {{blank}, {blank}, {filmed(kCorners, 1)}};
  CHECK_FALSE(follow_outline(without));
  CHECK(without.size() == 3);
}

TEST_CASE("the mark of a filmed screen is found", "[outline][search]") {
  std::vector<Moment> moments = {{filmed(kCorners, 1)}, {filmed(shifted(kCorners, 9, -5), 2)}};
  const auto outline = follow_outline(moments);
  REQUIRE(outline);
  const ChipMap chips(steg::Key::public_default());
  Search search(chips, steg::test::chips_of_cells, moments, {area_within(*outline)}, {});
  Location found;
  REQUIRE(search.run([&](const Location& location) {
    found = location;
    return location.strength > 15;
  }));
  CHECK(found.how == "filmed screen");
  const Projection truth = *Projection::between(rectangle(0, 0, 384, 216), kCorners);
  CHECK(largest_difference(*found.to_picture.inverse(), *truth.inverse(), kCorners) < 1);
}
