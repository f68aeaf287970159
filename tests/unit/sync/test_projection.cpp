// Maps of the plane, orientations, and looking pictures and fields up through them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "orientation.hpp"
#include "picture.hpp"
#include "picture_grid.hpp"
#include "projection.hpp"
#include "sampling.hpp"

using namespace steg::sync;

namespace {

void check_near(Point a, Point b, double margin = 1e-9) {
  CHECK(a.x == Approx(b.x).margin(margin));
  CHECK(a.y == Approx(b.y).margin(margin));
}

const Quad kQuad = {Point{3, -2}, Point{110, 5}, Point{96, 71}, Point{-4, 64}};

}  // namespace

TEST_CASE("four corners determine a projection", "[projection]") {
  const Quad from = rectangle(10, 20, 300, 200);
  const auto map = Projection::between(from, kQuad);
  REQUIRE(map);
  for (std::size_t i = 0; i < 4; ++i) check_near((*map)(from[i]), kQuad[i]);
  const auto back = map->inverse();
  REQUIRE(back);
  check_near((*back)((*map)(Point{77, 123})), {77, 123});
  check_near((*map * *back)(Point{50, 40}), {50, 40});
  CHECK(largest_difference(*map, *map, from) == 0);
}

TEST_CASE("no projection takes a rectangle to a line", "[projection]") {
  CHECK_FALSE(Projection::between(rectangle(0, 0, 1, 1), {Point{0, 0}, Point{1, 1}, Point{2, 2}, Point{3, 3}}));
  CHECK_FALSE(Projection::scaling(1, 0).inverse());
}

TEST_CASE("the derivative of a projection is the slope of its values", "[projection]") {
  const Projection map = *Projection::between(rectangle(0, 0, 100, 50), kQuad);
  constexpr double kStep = 1e-5;
  const Point p{31, 17};
  const auto d = map.derivative(p);
  CHECK(d[0] == Approx((map(Point{p.x + kStep, p.y}).x - map(p).x) / kStep).epsilon(1e-4));
  CHECK(d[1] == Approx((map(Point{p.x, p.y + kStep}).x - map(p).x) / kStep).epsilon(1e-4));
  CHECK(d[2] == Approx((map(Point{p.x + kStep, p.y}).y - map(p).y) / kStep).epsilon(1e-4));
  CHECK(d[3] == Approx((map(Point{p.x, p.y + kStep}).y - map(p).y) / kStep).epsilon(1e-4));
}

TEST_CASE("orientations turn clockwise and mirror", "[projection]") {
  // Upright pictures of 40 x 30 pixels; sideways copies have 30 x 40.
  check_near(from_upright({false, 0, ""}, 40, 30)(Point{1, 2}), {1, 2});
  check_near(from_upright({true, 0, ""}, 40, 30)(Point{1, 2}), {39, 2});
  check_near(from_upright({false, 1, ""}, 30, 40)(Point{1, 2}), {28, 1});
  check_near(from_upright({false, 2, ""}, 40, 30)(Point{1, 2}), {39, 28});
  check_near(from_upright({false, 3, ""}, 30, 40)(Point{1, 2}), {2, 39});
  check_near(from_upright({true, 1, ""}, 30, 40)(Point{1, 2}), {28, 39});
}

TEST_CASE("cells of a whole picture are those of the luma grid", "[sampling]") {
  constexpr int kWidth = 768, kHeight = 432;
  std::mt19937 rng(3);
  std::vector<std::uint8_t> luma(kWidth * kHeight);
  for (auto& pixel : luma) pixel = static_cast<std::uint8_t>(rng() % 256);
  steg::PlaneGrid grid({kWidth, kHeight}, steg::grid_size(kWidth, kHeight));
  const auto cells = static_cast<std::size_t>(grid.cells().cells());
  std::vector<float> expected(cells), sampled(cells);
  std::vector<std::uint8_t> inside(cells);
  grid.average_down(luma.data(), kWidth, expected.data());
  sample_picture({luma.data(), kWidth, kWidth, kHeight}, Projection::scaling(2, 2), grid.cells(), sampled.data(),
                 inside.data());
  for (std::size_t i = 0; i < cells; ++i) REQUIRE(sampled[i] == Approx(expected[i]).margin(1e-4));
  CHECK(std::count(inside.begin(), inside.end(), 1) == grid.cells().cells());
}

TEST_CASE("cells of all planes of a whole picture are those of its grid", "[sampling]") {
  const int share = GENERATE(1, 2);  // luma samples of one chroma sample, along each axis
  constexpr int kWidth = 768, kHeight = 432;
  std::mt19937 rng(4);
  Picture picture{kWidth, kHeight, std::vector<std::uint8_t>(kWidth * kHeight)};
  for (auto& sample : picture.luma) sample = static_cast<std::uint8_t>(rng() % 256);
  picture.chroma_width = kWidth / share;
  picture.chroma_height = kHeight / share;
  // Slopes, because a cell with few samples is smoothed a little.
  for (int y = 0; y < picture.chroma_height; ++y) {
    for (int x = 0; x < picture.chroma_width; ++x) {
      picture.cb.push_back(static_cast<std::uint8_t>(255 * x / picture.chroma_width));
      picture.cr.push_back(static_cast<std::uint8_t>(255 * y / picture.chroma_height));
    }
  }
  steg::PictureView view;
  view.shape = {kWidth, kHeight, picture.chroma_width, picture.chroma_height};
  view.luma = {picture.luma.data(), kWidth};
  view.cb = {picture.cb.data(), picture.chroma_width};
  view.cr = {picture.cr.data(), picture.chroma_width};
  steg::PictureGrid grid(view.shape, steg::kAllPlanes);
  const steg::CellLayout layout = grid.layout();
  std::vector<float> expected(layout.cells()), sampled(layout.cells());
  std::vector<std::uint8_t> inside(layout.plane_cells());
  grid.average_down(view, expected.data());
  sample_planes(picture.planes(), Projection::scaling(2, 2), layout, sampled.data(), inside.data());
  for (std::size_t i = 0; i < sampled.size(); ++i)
    REQUIRE(sampled[i] == Approx(expected[i]).margin(i < layout.cb() ? 1e-4 : 2e-3));

  // Half of the cells of a grey picture, which lies on the right of the grid.
  picture.cb.clear();
  const steg::CellLayout half{{layout.grid.width / 2, layout.grid.height}, steg::kAllPlanes};
  sample_planes(picture.planes(), Projection::affine(2, 0, kWidth / 2, 0, 2, 0), half, sampled.data(), inside.data());
  for (std::size_t i = half.cb(); i < half.cells(); ++i) REQUIRE(sampled[i] == steg::kNeutralChroma);
}

TEST_CASE("cells beside the picture are known to be outside", "[sampling]") {
  const std::vector<std::uint8_t> luma(100 * 80, 51);
  std::vector<float> cells(60 * 40);
  std::vector<std::uint8_t> inside(cells.size());
  sample_picture({luma.data(), 100, 100, 80}, Projection::affine(2, 0, -20, 0, 2, 0), {60, 40}, cells.data(),
                 inside.data());
  for (std::size_t i = 0; i < cells.size(); ++i) REQUIRE(cells[i] == Approx(0.2F));
  CHECK(inside[9] == 0);
  CHECK(inside[10] == 1);
  CHECK(inside[59] == 1);
}

TEST_CASE("fields are looked up by cubic convolution", "[sampling]") {
  constexpr steg::GridSize kSize{12, 9};
  std::vector<float> values;
  for (int y = 0; y < kSize.height; ++y) {
    for (int x = 0; x < kSize.width; ++x)
      values.push_back(static_cast<float>(0.5 * x * x - 0.25 * y * y + 2.0 * x * y));
  }
  const FieldView field(values.data(), kSize);
  CHECK(field(Point{4.5, 5.5}) == Approx(values[5 * 12 + 4]));
  // Exact for polynomials of second degree.
  const double x = 5.3, y = 4.6;
  CHECK(field(Point{x + 0.5, y + 0.5}) == Approx(0.5 * x * x - 0.25 * y * y + 2 * x * y));
  CHECK(field(Point{0.2, 4}) == 0);
  CHECK(field(Point{std::nan(""), 4}) == 0);
}

TEST_CASE("maps along the axes give what the same maps give that are turned by next to nothing", "[sampling]") {
  const double x_factor = GENERATE(1.0, 3.4, -2.6, 0.7);
  const double y_factor = GENERATE(2.1, -0.9);
  const double x_offset = x_factor < 0 ? 150.0 : -7.3;
  const double y_offset = y_factor < 0 ? 41.0 : 3.2;
  const Projection straight = Projection::affine(x_factor, 0, x_offset, 0, y_factor, y_offset);
  const Projection turned = straight * Projection::rotation(1e-9);
  constexpr steg::GridSize kCells{56, 40};
  constexpr int kWidth = 160, kHeight = 90;
  std::mt19937 rng(4);

  std::vector<std::uint8_t> luma(kWidth * kHeight);
  for (auto& pixel : luma) pixel = static_cast<std::uint8_t>(rng() % 256);
  const LumaView picture{luma.data(), kWidth, kWidth, kHeight};
  const auto cells = static_cast<std::size_t>(kCells.cells());
  std::vector<float> expected(cells), sampled(cells);
  std::vector<std::uint8_t> expected_inside(cells), inside(cells);
  sample_picture(picture, turned, kCells, expected.data(), expected_inside.data());
  sample_picture(picture, straight, kCells, sampled.data(), inside.data());
  CHECK(inside == expected_inside);
  for (std::size_t i = 0; i < cells; ++i) {
    if (inside[i] != 0) REQUIRE(sampled[i] == Approx(expected[i]).margin(1e-5));
  }

  std::vector<float> values(kWidth * kHeight);
  for (float& value : values) value = static_cast<float>(rng() % 1000) / 500.0F - 1.0F;
  const FieldView field(values.data(), {kWidth, kHeight});
  const std::vector<float> resampled = resample_field(field, straight, kCells.width, kCells.height);
  const std::vector<float> wanted = resample_field(field, turned, kCells.width, kCells.height);
  for (std::size_t i = 0; i < cells; ++i) REQUIRE(resampled[i] == Approx(wanted[i]).margin(1e-4));
}
