// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "picture_grid.hpp"
#include "random.hpp"
#include "reference_grid.hpp"

using namespace steg;
using steg::test::area_weights;
using steg::test::kGuard;
using steg::test::resample;
using steg::test::up_weights;

namespace {

/// A luma plane with padding between its rows that must not change.
struct Plane {
  int width, height;
  std::ptrdiff_t stride;
  std::vector<std::uint8_t> bytes;

  Plane(int w, int h, int padding) : width(w), height(h), stride(w + padding) {
    bytes.assign(static_cast<std::size_t>(stride * h), kGuard);
  }
  std::uint8_t& at(int x, int y) { return bytes[static_cast<std::size_t>(y * stride + x)]; }
  std::uint8_t at(int x, int y) const { return bytes[static_cast<std::size_t>(y * stride + x)]; }
  bool padding_untouched() const {
    for (int y = 0; y < height; ++y) {
      for (std::ptrdiff_t x = width; x < stride; ++x) {
        if (bytes[static_cast<std::size_t>(y * stride + x)] != kGuard) return false;
      }
    }
    return true;
  }
};

Plane noise_plane(int width, int height, int padding, test::Rng& rng) {
  Plane plane(width, height, padding);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) plane.at(x, y) = static_cast<std::uint8_t>(rng() % 256);
  }
  return plane;
}

PlaneGrid luma_grid(int width, int height) { return {{width, height}, grid_size(width, height)}; }

const std::vector<std::pair<int, int>> kSizes = {{65, 64},    {64, 64},     {101, 97},    {99, 215},   {216, 216},
                                                 {217, 219},  {216, 864},   {256, 64},    {640, 480},  {853, 480},
                                                 {1280, 720}, {1920, 1080}, {1080, 1920}, {2160, 2160}};

}  // namespace

TEST_CASE("Grid sizes", "[grid]") {
  CHECK(grid_size(1920, 1080) == GridSize{384, 216});
  CHECK(grid_size(1280, 720) == GridSize{384, 216});
  CHECK(grid_size(854, 480) == GridSize{384, 216});
  CHECK(grid_size(853, 480) == GridSize{384, 216});
  CHECK(grid_size(3840, 2160) == GridSize{384, 216});
  CHECK(grid_size(640, 480) == GridSize{288, 216});
  CHECK(grid_size(1080, 1920) == GridSize{216, 384});
  CHECK(grid_size(500, 500) == GridSize{216, 216});
  CHECK(grid_size(2048, 858) == GridSize{512, 216});  // 515.6
  CHECK(grid_size(64, 256) == GridSize{216, 864});
  CHECK(grid_size(64, 64) == GridSize{216, 216});
  CHECK(grid_size(65536, 16384) == GridSize{864, 216});
}

TEST_CASE("The long side is the nearest multiple of 8", "[grid]") {
  for (int width = 540; width <= 2160; width += 7) {
    const GridSize size = grid_size(width, 540);
    REQUIRE(size.height == 216);
    REQUIRE(size.width % 8 == 0);
    REQUIRE(std::fabs(size.width - 216.0 * width / 540) <= 4);
  }
}

TEST_CASE("Pictures that no grid fits are refused with advice", "[grid]") {
  for (const auto& [width, height] : std::vector<std::pair<int, int>>{
           {1, 1}, {17, 13}, {8192, 16}, {63, 64}, {64, 63}, {0, 0}, {-5, 100}, {0, 1080}}) {
    CAPTURE(width, height);
    CHECK_THROWS_WITH(grid_size(width, height), Catch::Contains(std::to_string(width) + "x" + std::to_string(height)) &&
                                                    Catch::Contains("fewer than 64 pixels") &&
                                                    Catch::Contains("scale the picture up"));
    CHECK_THROWS_AS(PictureGrid({width, height}, kLumaOnly), GridError);
  }
  for (const auto& [width, height] : std::vector<std::pair<int, int>>{{257, 64}, {64, 257}, {8192, 1080}}) {
    CAPTURE(width, height);
    CHECK_THROWS_WITH(grid_size(width, height), Catch::Contains("at most 4 times") && Catch::Contains("crop it"));
  }
  CHECK_THROWS_AS(grid_size(2147483647, 64), GridError);
}

TEST_CASE("Averaging down is the area average", "[grid]") {
  test::Rng rng(30);
  for (const auto& [width, height] : kSizes) {
    CAPTURE(width, height);
    const Plane plane = noise_plane(width, height, width % 3, rng);
    std::vector<double> luma;
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) luma.push_back(plane.at(x, y) / 255.0);
    }
    PlaneGrid grid = luma_grid(width, height);
    const GridSize size = grid.cells();
    std::vector<float> cells(static_cast<std::size_t>(size.cells()), -1);
    grid.average_down(plane.bytes.data(), plane.stride, cells.data());
    const auto expected = resample(luma, {width, height}, size, area_weights);
    double worst = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) worst = std::max(worst, std::fabs(cells[i] - expected[i]));
    CHECK(worst < 1e-5);
  }
}

TEST_CASE("Constant pictures average to themselves", "[grid]") {
  for (const int value : {0, 1, 128, 255}) {
    Plane plane(1366, 768, 2);
    std::fill(plane.bytes.begin(), plane.bytes.end(), static_cast<std::uint8_t>(value));
    PlaneGrid grid = luma_grid(1366, 768);
    std::vector<float> cells(static_cast<std::size_t>(grid.cells().cells()));
    grid.average_down(plane.bytes.data(), plane.stride, cells.data());
    for (const float cell : cells) REQUIRE(cell == Approx(value / 255.0).margin(1e-6));
  }
}

TEST_CASE("Rows by the hundred do not overflow", "[grid]") {
  // More than 257 whole rows of 255 in a cell are more than 16 bits hold.
  constexpr int kSide = 216 * 300;
  const std::vector<std::uint8_t> row(kSide, 255);
  PlaneGrid grid = luma_grid(kSide, kSide);
  std::vector<float> cells(static_cast<std::size_t>(grid.cells().cells()));
  grid.average_down(row.data(), 0, cells.data());
  const auto [least, most] = std::minmax_element(cells.begin(), cells.end());
  CHECK(*least == Approx(1).epsilon(1e-4));
  CHECK(*most == Approx(1).epsilon(1e-4));
}

TEST_CASE("Adding a residual interpolates, rounds and saturates", "[grid]") {
  test::Rng rng(31);
  for (const auto& [width, height] : kSizes) {
    CAPTURE(width, height);
    PlaneGrid grid = luma_grid(width, height);
    const GridSize size = grid.cells();
    const float strength = 1.5F;
    const std::vector<float> residual = test::gaussian(rng, static_cast<std::size_t>(size.cells()), 20);
    Plane plane = noise_plane(width, height, 1 + height % 5, rng);
    const Plane before = plane;
    grid.add_residual(plane.bytes.data(), plane.stride, residual.data(), strength);
    CHECK(plane.padding_untouched());
    const auto added = resample({residual.begin(), residual.end()}, size, {width, height}, up_weights);
    int wrong = 0;
    int saturated = 0;
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const double exact = before.at(x, y) + strength * added[static_cast<std::size_t>(y * width + x)];
        const double rounded = std::clamp(std::floor(exact + 0.5), 0.0, 255.0);
        const double from_half = std::fabs(exact - std::floor(exact) - 0.5);
        saturated += exact < 0 || exact > 255;
        if (plane.at(x, y) != rounded && from_half > 1.0 / 25) ++wrong;
        if (std::abs(plane.at(x, y) - static_cast<int>(rounded)) > 1) ++wrong;
      }
    }
    CHECK(wrong == 0);
    CHECK(saturated > 0);
  }
}

TEST_CASE("Interpolation is that of torch", "[grid]") {
  // torch.nn.functional.interpolate(torch.tensor([[[0., 64., 128.]]]), size=6, mode='linear', align_corners=False)
  // gives 0, 16, 48, 80, 112, 128; the same with 216 inputs and 432 outputs, where only three inputs differ from 0.
  PlaneGrid grid = luma_grid(432, 432);
  std::vector<float> residual(216 * 216, 0.0F);
  for (std::size_t y = 0; y < 216; ++y) {
    residual[y * 216 + 214] = 64;
    residual[y * 216 + 215] = 128;
  }
  Plane plane(432, 432, 0);
  std::fill(plane.bytes.begin(), plane.bytes.end(), std::uint8_t{0});
  grid.add_residual(plane.bytes.data(), plane.stride, residual.data(), 1);
  for (int y = 0; y < 432; ++y) {
    REQUIRE(std::vector<int>{plane.at(426, y), plane.at(427, y), plane.at(428, y), plane.at(429, y), plane.at(430, y),
                             plane.at(431, y)} == std::vector<int>{0, 16, 48, 80, 112, 128});
  }
}

TEST_CASE("Strength 0 and residual 0 leave the picture alone", "[grid]") {
  test::Rng rng(32);
  for (const auto& [width, height] : std::vector<std::pair<int, int>>{{640, 360}, {100, 100}}) {
    PlaneGrid grid = luma_grid(width, height);
    Plane plane = noise_plane(width, height, 0, rng);
    const Plane before = plane;
    const std::vector<float> residual(static_cast<std::size_t>(grid.cells().cells()), 7);
    grid.add_residual(plane.bytes.data(), plane.stride, residual.data(), 0);
    CHECK(plane.bytes == before.bytes);
    const std::vector<float> zero(residual.size(), 0);
    grid.add_residual(plane.bytes.data(), plane.stride, zero.data(), 3);
    CHECK(plane.bytes == before.bytes);
  }
}

TEST_CASE("The same grid serves one frame after the other", "[grid]") {
  test::Rng rng(33);
  PlaneGrid grid = luma_grid(720, 405);
  const auto cells = static_cast<std::size_t>(grid.cells().cells());
  const std::vector<float> first = test::gaussian(rng, cells, 5);
  const std::vector<float> second = test::gaussian(rng, cells, 5);
  const Plane plane = noise_plane(720, 405, 0, rng);
  Plane fresh = plane;
  luma_grid(720, 405).add_residual(fresh.bytes.data(), fresh.stride, second.data(), 1);
  Plane used = plane;
  grid.add_residual(used.bytes.data(), used.stride, first.data(), 1);
  used = plane;
  grid.add_residual(used.bytes.data(), used.stride, second.data(), 1);
  CHECK(used.bytes == fresh.bytes);
}

TEST_CASE("A negative stride is a picture upside down", "[grid]") {
  test::Rng rng(34);
  Plane plane = noise_plane(320, 240, 0, rng);
  Plane flipped = plane;
  for (int y = 0; y < 240; ++y) {
    for (int x = 0; x < 320; ++x) flipped.at(x, y) = plane.at(x, 239 - y);
  }
  PlaneGrid grid = luma_grid(320, 240);
  const auto count = static_cast<std::size_t>(grid.cells().cells());
  std::vector<float> a(count);
  std::vector<float> b(count);
  grid.average_down(plane.bytes.data() + 239 * plane.stride, -plane.stride, a.data());
  grid.average_down(flipped.bytes.data(), flipped.stride, b.data());
  CHECK(a == b);
  const std::vector<float> residual = test::gaussian(rng, count, 5);
  grid.add_residual(plane.bytes.data() + 239 * plane.stride, -plane.stride, residual.data(), 1);
  grid.add_residual(flipped.bytes.data(), flipped.stride, residual.data(), 1);
  for (int y = 0; y < 240; ++y) REQUIRE(plane.at(17, y) == flipped.at(17, 239 - y));
}

TEST_CASE("A residual that is not finite is found out, and harmless", "[grid]") {
  std::vector<float> values(1000, 1);
  CHECK(all_finite(values.data(), values.size()));
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                          -std::numeric_limits<float>::infinity()}) {
    for (const std::size_t where : {std::size_t{0}, std::size_t{500}, std::size_t{999}}) {
      auto damaged = values;
      damaged[where] = bad;
      CHECK_FALSE(all_finite(damaged.data(), damaged.size()));
    }
    for (const int side : {100, 300}) {
      PlaneGrid grid = luma_grid(side, side);
      const std::vector<float> residual(static_cast<std::size_t>(grid.cells().cells()), bad);
      Plane plane(side, side, 3);
      grid.add_residual(plane.bytes.data(), plane.stride, residual.data(), 1);
      CHECK(plane.padding_untouched());
    }
  }
  values[3] = std::numeric_limits<float>::max();
  CHECK(all_finite(values.data(), values.size()));
}
