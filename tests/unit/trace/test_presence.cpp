// When an ID is there, from noisy strengths.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <random>

#include "launcher/trace/presence.hpp"

using trace::is_scattered;
using trace::presence;
using trace::Stretch;

namespace {

std::vector<double> noisy(const std::vector<double>& means) {
  std::mt19937 random(3);
  std::normal_distribution<double> noise(0.0, 1.0);
  std::vector<double> out;
  for (const double mean : means) out.push_back(mean + noise(random));
  return out;
}

}  // namespace

TEST_CASE("a strong part is found to the block") {
  std::vector<double> means(60, 0.0);
  for (std::size_t b = 20; b < 26; ++b) means[b] = 12.0;
  const std::vector<Stretch> stretches = presence(noisy(means));
  REQUIRE(stretches.size() == 1);
  CHECK(stretches[0].first == 20);
  CHECK(stretches[0].last == 26);
  CHECK_FALSE(is_scattered(stretches));
}

TEST_CASE("what a strong mark leaves in the frames of the next ID is not part of it") {
  // Measured where one ID followed another.
  const std::vector<Stretch> stretches =
      presence({50.4, 51.2, 50.9, 50.2, 50.5, 1.7, 2.4, 2.3, 0.6, -1.0, -1.1, -0.3, -0.2, 0.3});
  REQUIRE(stretches.size() == 1);
  CHECK(stretches[0].first == 0);
  CHECK(stretches[0].last == 5);
}

TEST_CASE("nor where it is left in some of them, far from its own") {
  std::vector<double> strengths(16, 64.0);
  for (const double left : {1.0, 0.5, 7.2, 0.2, -3.0, 6.8, 7.5, 1.1, -0.4, 7.0, 0.9, 6.9}) strengths.push_back(left);
  const std::vector<Stretch> stretches = presence(strengths);
  REQUIRE(stretches.size() == 1);
  CHECK(stretches[0].first == 0);
  CHECK(stretches[0].last == 16);
}

TEST_CASE("a weak one all along is one stretch") {
  const std::vector<Stretch> stretches = presence(noisy(std::vector<double>(200, 1.2)));
  REQUIRE(stretches.size() == 1);
  CHECK(stretches[0].last - stretches[0].first > 190);
}

TEST_CASE("frames in turn are scattered") {
  std::vector<double> means(50, 0.0);
  for (std::size_t b = 3; b < 50; b += 5) means[b] = 12.0;
  const std::vector<Stretch> stretches = presence(noisy(means));
  CHECK(stretches.size() == 10);
  CHECK(is_scattered(stretches));
}

TEST_CASE("one block, and none") {
  CHECK(presence({9.0}).size() == 1);
  CHECK(presence({}).empty());
  CHECK_FALSE(is_scattered({}));
}
