// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <limits>
#include <random>

#include "launcher/trace/boundary.hpp"

using trace::Boundary;
using trace::likeliest_boundary;

namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

double score(const std::vector<double>& before, const std::vector<double>& after, double price, Boundary boundary) {
  double sum = boundary.end < boundary.begin ? -price : 0.0;
  for (std::size_t i = 0; i < boundary.end; ++i) sum += before[i];
  for (std::size_t i = boundary.begin; i < after.size(); ++i) sum += after[i];
  return sum;
}

}  // namespace

TEST_CASE("one ID gives way to another") {
  const Boundary found = likeliest_boundary({5, 5, 5, -5, -5}, {-5, -5, -5, 5, 5}, 10);
  CHECK(found.end == 3);
  CHECK(found.begin == 3);
}

TEST_CASE("frames of neither in between have to earn their price") {
  const std::vector<double> before{5, 5, -4, -4, -4, -4};
  const std::vector<double> after{-4, -4, -4, -4, 5, 5};
  const Boundary cheap = likeliest_boundary(before, after, 7);
  CHECK(cheap.end == 2);
  CHECK(cheap.begin == 4);
  const Boundary dear = likeliest_boundary(before, after, 9);
  CHECK(dear.end == dear.begin);
}

TEST_CASE("where nothing comes before or after") {
  const std::vector<double> nothing(4, kNever);
  const Boundary begins = likeliest_boundary(nothing, {-3, -3, 3, 3}, 0);
  CHECK(begins.end == 0);
  CHECK(begins.begin == 2);
  const Boundary ends = likeliest_boundary({3, -3, -3, -3}, nothing, 0);
  CHECK(ends.end == 1);
  CHECK(ends.begin == 4);
  CHECK(likeliest_boundary({}, {}, 0).begin == 0);
}

TEST_CASE("the boundary is the best of all") {
  std::mt19937 random(7);
  std::normal_distribution<double> value(0.0, 3.0);
  for (int trial = 0; trial < 500; ++trial) {
    std::vector<double> before(static_cast<std::size_t>(random() % 9));
    std::vector<double> after(before.size());
    for (double& x : before) x = value(random);
    for (double& x : after) x = value(random);
    const double price = std::abs(value(random));
    double best = kNever;
    for (std::size_t end = 0; end <= before.size(); ++end)
      for (std::size_t begin = end; begin <= before.size(); ++begin)
        best = std::max(best, score(before, after, price, {end, begin}));
    const Boundary found = likeliest_boundary(before, after, price);
    REQUIRE(found.end <= found.begin);
    REQUIRE(found.begin <= before.size());
    REQUIRE(score(before, after, price, found) == Approx(best));
  }
}
