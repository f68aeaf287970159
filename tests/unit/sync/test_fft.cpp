// The transform against its definition.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <random>

#include "fft.hpp"

using steg::sync::ComplexPlane;
using steg::sync::Fft2d;

namespace {

ComplexPlane random_plane(std::size_t size) {
  std::mt19937 rng(1);
  std::normal_distribution<float> gaussian;
  ComplexPlane plane;
  plane.resize(size);
  for (float& value : plane.re) value = gaussian(rng);
  for (float& value : plane.im) value = gaussian(rng);
  return plane;
}

std::complex<double> term(const ComplexPlane& plane, int width, int height, int u, int v) {
  constexpr double kTwoPi = 6.283185307179586;
  std::complex<double> sum = 0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto at = static_cast<std::size_t>(y * width + x);
      const double turns = static_cast<double>(u * x) / width + static_cast<double>(v * y) / height;
      sum += std::complex<double>(plane.re[at], plane.im[at]) * std::polar(1.0, -kTwoPi * turns);
    }
  }
  return sum;
}

}  // namespace

TEST_CASE("a transform is the sum that defines it, and goes back", "[fft]") {
  const auto [width, height] = GENERATE(table<int, int>({{1, 1}, {2, 3}, {12, 10}, {16, 9}, {30, 8}, {64, 15}}));
  const Fft2d fft(width, height);
  const ComplexPlane original = random_plane(fft.size());
  ComplexPlane plane = original;
  steg::sync::FftWork work;
  fft.forward(plane, work);
  for (int u = 0; u < width; ++u) {
    for (int v = 0; v < height; ++v) {
      const auto at = static_cast<std::size_t>(u * height + v);
      const std::complex<double> expected = term(original, width, height, u, v);
      REQUIRE(plane.re[at] == Approx(expected.real()).margin(1e-4));
      REQUIRE(plane.im[at] == Approx(expected.imag()).margin(1e-4));
    }
  }
  // Some of the columns.
  const int first = width / 3;
  const int count = width - first - width / 4;
  fft.inverse(plane, work, first, count);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < count; ++x) {
      const auto at = static_cast<std::size_t>(y * count + x);
      const auto from = static_cast<std::size_t>(y * width + x + first);
      REQUIRE(plane.re[at] / static_cast<float>(fft.size()) == Approx(original.re[from]).margin(1e-5));
      REQUIRE(plane.im[at] / static_cast<float>(fft.size()) == Approx(original.im[from]).margin(1e-5));
    }
  }
}

TEST_CASE("fast sizes are products of 2, 3 and 5, and avoid cache aliasing", "[fft]") {
  CHECK(steg::sync::fast_size(1) == 1);
  CHECK(steg::sync::fast_size(7) == 8);
  CHECK(steg::sync::fast_size(64) == 64);
  CHECK(steg::sync::fast_size(121) == 125);
  CHECK(steg::sync::fast_size(127) == 135);
  CHECK(steg::sync::fast_size(401) == 405);
  CHECK_THROWS_AS(steg::sync::Fft(7), std::invalid_argument);
  CHECK_THROWS_AS(steg::sync::Fft(0), std::invalid_argument);
}
