// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <set>

#include "launcher/trace/frame_sampler.hpp"

using trace::FrameSampler;

namespace {

/// Numbers of the frames taken of a video of that length.
std::vector<int> taken(double rate, double frames_a_second, double seconds) {
  FrameSampler sampler(rate);
  std::vector<int> numbers;
  for (int i = 0; i < seconds * frames_a_second; ++i) {
    if (sampler.takes(i / frames_a_second, 1 / frames_a_second)) numbers.push_back(i);
  }
  return numbers;
}

}  // namespace

TEST_CASE("one frame is taken in each stretch of time") {
  const std::vector<int> numbers = taken(10, 30, 20);
  CHECK(numbers.size() == 200);
  for (std::size_t i = 0; i < numbers.size(); ++i) CHECK(numbers[i] / 3 == static_cast<int>(i));
}

TEST_CASE("of copies whose frames take turns, each is met about as often") {
  for (const int copies : {2, 3, 5, 6, 10, 25}) {
    std::vector<int> met(static_cast<std::size_t>(copies));
    const std::vector<int> numbers = taken(10, 30, 60);
    for (const int number : numbers) ++met[static_cast<std::size_t>(number % copies)];
    const double fair = static_cast<double>(numbers.size()) / copies;
    for (const int count : met) {
      CHECK(count > 0.6 * fair);
      CHECK(count < 1.5 * fair);
    }
  }
}

TEST_CASE("all frames are taken if there are not more than asked for") {
  CHECK(taken(1000, 30, 2).size() == 60);
  CHECK(taken(10, 5, 4).size() == 20);
}

TEST_CASE("frames without a duration are taken, too") {
  FrameSampler sampler(10);
  int count = 0;
  for (int i = 0; i < 300; ++i) count += sampler.takes(i / 30.0, 0) ? 1 : 0;
  CHECK(count >= 98);
  CHECK(count <= 100);
}

TEST_CASE("after a gap one frame is taken, not one for each stretch that passed") {
  FrameSampler sampler(10);
  sampler.takes(0, 0.1);
  CHECK(sampler.takes(60.0, 0.001));
  CHECK_FALSE(sampler.takes(60.001, 0.001));
}
