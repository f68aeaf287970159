// The three distances: their definitions, their kernels, and what they see.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "block_kernels.hpp"
#include "distance.hpp"
#include "pictures.hpp"

using namespace framediff;
using pictures::Picture;

namespace {

constexpr Method kMethods[] = {Method::block_sad, Method::ssim, Method::dhash};
constexpr int kSizes[][2] = {{1, 1},  {7, 3},  {8, 8},     {9, 8},     {17, 13},
                             {64, 5}, {5, 64}, {8192, 16}, {641, 481}, {1920, 1080}};

Picture random_picture(int width, int height, unsigned seed) {
  Picture picture(width, height, 0);
  std::mt19937 random(seed);
  for (auto& pixel : picture.luma) pixel = static_cast<std::uint8_t>(random() & 255U);
  return picture;
}

/// The picture with rows further apart than it is wide, and rubbish in between.
struct Padded {
  Padded(const Picture& picture, int stride) : samples(static_cast<std::size_t>(stride * picture.height), 199) {
    for (int y = 0; y < picture.height; ++y)
      std::copy_n(picture.luma.begin() + y * picture.width, picture.width, samples.begin() + y * stride);
    plane = {samples.data(), stride, picture.width, picture.height};
  }
  std::vector<std::uint8_t> samples;
  LumaPlane plane{};
};

double distance(Method method, const Picture& reference, const Picture& picture) {
  const auto measure = make_distance(method);
  measure->set_reference(reference.plane(), BlockGrid(reference.width, reference.height));
  return measure->to(picture.plane());
}

bool same(Method method, const Picture& reference, const Picture& picture) {
  return distance(method, reference, picture) <= default_threshold(method);
}

/// Method::block_sad as its comment defines it, pixel by pixel.
double block_sad_by_definition(const Picture& a, const Picture& b) {
  const BlockGrid grid(a.width, a.height);
  const auto level = [&](const Picture& p, int x, int row) {
    return static_cast<int>(p.luma[static_cast<std::size_t>(row * grid.row_step() * p.width + x)]);
  };
  double largest = 0.0;
  for (int line = 0; line < grid.block_lines(); ++line) {
    for (int column = 0; column < grid.columns(); ++column) {
      const int n = grid.block_width() * grid.block_rows();
      const auto over_block = [&](auto&& value) {
        int sum = 0;
        for (int r = 0; r < grid.block_rows(); ++r)
          for (int k = 0; k < grid.block_width(); ++k) sum += value(grid.block_x(column) + k, grid.block_row(line) + r);
        return sum;
      };
      const auto activity = [&](const Picture& p) {
        const int mean = (over_block([&](int x, int y) { return level(p, x, y); }) + n / 2) / n;
        return over_block([&](int x, int y) { return std::abs(level(p, x, y) - mean); }) / static_cast<double>(n);
      };
      const double mad =
          over_block([&](int x, int y) { return std::abs(level(a, x, y) - level(b, x, y)); }) / static_cast<double>(n);
      largest = std::max(largest, mad / (1.0 + std::min({activity(a) / 16.0, activity(b) / 16.0, 1.0})));
    }
  }
  return largest;
}

}  // namespace

TEST_CASE("grid covers every column and reaches the last looked-at row") {
  for (const auto& size : kSizes) {
    const BlockGrid grid(size[0], size[1]);
    CAPTURE(size[0], size[1]);
    REQUIRE(grid.columns() >= 1);
    REQUIRE(grid.block_lines() >= 1);
    CHECK(grid.block_x(0) == 0);
    CHECK(grid.block_x(grid.columns() - 1) + grid.block_width() == size[0]);
    CHECK(grid.block_row(grid.block_lines() - 1) + grid.block_rows() == grid.rows());
    CHECK((grid.rows() - 1) * grid.row_step() < size[1]);
    for (int i = 1; i < grid.columns(); ++i) CHECK(grid.block_x(i) <= grid.block_x(i - 1) + grid.block_width());
    for (int i = 1; i < grid.block_lines(); ++i) CHECK(grid.block_row(i) <= grid.block_row(i - 1) + grid.block_rows());
  }
  CHECK(BlockGrid(1280, 720).row_step() == 1);
  CHECK(BlockGrid(1920, 1080).row_step() == 2);
  CHECK(BlockGrid(1080, 1920).row_step() == 2);
  CHECK(BlockGrid(3840, 2160).row_step() == 4);
  CHECK(BlockGrid(8192, 16).row_step() == 1);
}

TEST_CASE("fast kernels give what the portable ones give") {
  std::mt19937 random(3);
  std::vector<std::uint8_t> a(4096);
  std::vector<std::uint8_t> b(4096);
  for (int round = 0; round < 20; ++round) {
    // Also all-black against all-white, where sums are largest.
    for (auto& v : a) v = static_cast<std::uint8_t>(round == 0 ? 0U : random() & 255U);
    for (auto& v : b) v = static_cast<std::uint8_t>(round == 0 ? 255U : random() & 255U);
    for (int rows = 1; rows <= 16; ++rows) {
      for (int blocks = 1; blocks <= 9; ++blocks) {
        std::vector<std::uint32_t> sums(static_cast<std::size_t>(blocks));
        sad_of_blocks(a.data() + 1, 83, b.data() + 2, 97, rows, blocks, sums.data());
        for (int i = 0; i < blocks; ++i)
          REQUIRE(sums[static_cast<std::size_t>(i)] ==
                  sad_of_block_portable(a.data() + 1 + 8 * i, 83, b.data() + 2 + 8 * i, 97, 8, rows));
      }
      REQUIRE(deviation_of_block(a.data() + 3, 83, rows) == deviation_of_block_portable(a.data() + 3, 83, 8, rows));
    }
  }
}

TEST_CASE("equal pictures have distance 0, whatever their strides") {
  for (const auto& size : kSizes) {
    const Picture picture = random_picture(size[0], size[1], 5);
    const Padded padded(picture, size[0] + 13);
    for (const Method method : kMethods) {
      CAPTURE(size[0], size[1], static_cast<int>(method));
      const auto measure = make_distance(method);
      measure->set_reference(padded.plane, BlockGrid(size[0], size[1]));
      CHECK(measure->to(picture.plane()) == Approx(0.0).margin(1e-12));
      measure->set_reference(picture.plane(), BlockGrid(size[0], size[1]));
      CHECK(measure->to(padded.plane) == Approx(0.0).margin(1e-12));
    }
  }
}

TEST_CASE("block SAD follows its definition") {
  for (const auto& size : kSizes) {
    Picture a = random_picture(size[0], size[1], 1);
    const Picture b = random_picture(size[0], size[1], 2);
    CAPTURE(size[0], size[1]);
    CHECK(distance(Method::block_sad, a, b) == Approx(block_sad_by_definition(a, b)).epsilon(1e-5));
    const Picture smooth = pictures::photo(size[0], size[1], 3);
    Picture noisy = smooth;
    pictures::add_noise(noisy, 5.0, 4);
    CHECK(distance(Method::block_sad, smooth, noisy) == Approx(block_sad_by_definition(smooth, noisy)).epsilon(1e-5));
  }
  CHECK(distance(Method::block_sad, Picture(100, 50, 0), Picture(100, 50, 255)) == 255.0);
}

TEST_CASE("SSIM follows its definition") {
  const Picture a = random_picture(8, 8, 11);
  const Picture b = random_picture(8, 8, 12);
  double mean_a = 0;
  double mean_b = 0;
  for (std::size_t i = 0; i < 64; ++i) {
    mean_a += a.luma[i] / 64.0;
    mean_b += b.luma[i] / 64.0;
  }
  double var_a = 0;
  double var_b = 0;
  double cov = 0;
  for (std::size_t i = 0; i < 64; ++i) {
    var_a += (a.luma[i] - mean_a) * (a.luma[i] - mean_a) / 64.0;
    var_b += (b.luma[i] - mean_b) * (b.luma[i] - mean_b) / 64.0;
    cov += (a.luma[i] - mean_a) * (b.luma[i] - mean_b) / 64.0;
  }
  const double c1 = 2.55 * 2.55;
  const double c2 = 7.65 * 7.65;
  const double expected =
      (2 * mean_a * mean_b + c1) * (2 * cov + c2) / ((mean_a * mean_a + mean_b * mean_b + c1) * (var_a + var_b + c2));
  CHECK(distance(Method::ssim, a, b) == Approx(1.0 - expected));
  CHECK(distance(Method::ssim, a, a) == Approx(0.0).margin(1e-12));
  CHECK(largest_distance(Method::ssim) >= distance(Method::ssim, a, b));
}

TEST_CASE("the difference hash has a bit for each neighbour that is brighter") {
  Picture rising(90, 80, 0);
  for (int y = 0; y < 80; ++y)
    for (int x = 0; x < 90; ++x) rising.at(x, y) = static_cast<std::uint8_t>(2 * x);
  const Picture flat(90, 80, 50);
  CHECK(distance(Method::dhash, rising, flat) == 64.0);
  Picture one(90, 80, 50);
  pictures::fill(one, 40, 30, 10, 10, 90);  // field (4, 3): brighter than its left-hand neighbour
  CHECK(distance(Method::dhash, one, flat) == 1.0);
  CHECK(distance(Method::dhash, one, rising) == 63.0);
  Picture falling = rising;
  for (int y = 0; y < 80; ++y) std::reverse(falling.luma.begin() + y * 90, falling.luma.begin() + (y + 1) * 90);
  CHECK(distance(Method::dhash, rising, falling) == 64.0);
}

TEST_CASE("no distance leaves its range on pictures as different as can be") {
  for (const auto& size : kSizes) {
    for (const Method method : kMethods) {
      const double d = distance(method, random_picture(size[0], size[1], 21), random_picture(size[0], size[1], 22));
      CHECK(d >= 0.0);
      CHECK(d <= largest_distance(method));
    }
  }
}

TEST_CASE("a cursor that moves is seen wherever it is, at 1080p and 720p") {
  for (const int height : {1080, 720}) {
    const Picture empty = pictures::slide(height * 16 / 9, height);
    std::mt19937 random(9);
    for (int i = 0; i < 60; ++i) {
      const int x = static_cast<int>(random() % static_cast<unsigned>(empty.width - 24));
      const int y = static_cast<int>(random() % static_cast<unsigned>(empty.height - 24));
      Picture before = empty;
      Picture after = empty;
      pictures::draw_cursor(before, x, y);
      pictures::draw_cursor(after, x + 2, y + 1);
      CAPTURE(height, x, y);
      CHECK_FALSE(same(Method::block_sad, before, after));
      CHECK_FALSE(same(Method::block_sad, empty, after));
    }
  }
}

TEST_CASE("a caret that blinks is seen at every position relative to the blocks") {
  const Picture empty(1920, 1080, 235);
  for (int x = 100; x < 108; ++x) {
    for (int y = 200; y < 216; ++y) {
      for (const int width : {1, 2}) {
        Picture caret = empty;
        pictures::fill(caret, x, y, width, 20, 16);
        CAPTURE(x, y, width);
        CHECK_FALSE(same(Method::block_sad, empty, caret));
        CHECK_FALSE(same(Method::block_sad, caret, empty));
      }
    }
  }
}

TEST_CASE("noise as codecs leave it is not seen; a change of scene is") {
  const Picture slide = pictures::slide(1280, 720);
  for (const double sigma : {1.0, 3.0}) {
    Picture noisy = slide;
    pictures::add_noise(noisy, sigma, 31);
    CHECK(same(Method::block_sad, slide, noisy));
    CHECK(same(Method::ssim, slide, noisy));
  }
  const Picture other = pictures::photo(1280, 720, 8);
  for (const Method method : kMethods) CHECK_FALSE(same(method, slide, other));
}

TEST_CASE("a flat change of level counts by its size") {
  const Picture grey(640, 360, 100);
  CHECK(distance(Method::block_sad, grey, Picture(640, 360, 107)) == 7.0);
  CHECK(same(Method::block_sad, grey, Picture(640, 360, 101)));
  CHECK_FALSE(same(Method::block_sad, grey, Picture(640, 360, 120)));
}
