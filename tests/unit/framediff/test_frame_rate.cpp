// The frame rate from timestamps.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include "frame_rate.hpp"

using namespace framediff;

namespace Catch {
template <>
struct StringMaker<Fraction> {
  static std::string convert(const Fraction& f) { return std::to_string(f.num) + "/" + std::to_string(f.den); }
};
}  // namespace Catch

namespace {

constexpr double kSecond = 1e9;
constexpr Fraction kRates[] = {{24000, 1001}, {24, 1}, {25, 1},       {30000, 1001}, {30, 1},
                               {48, 1},       {50, 1}, {60000, 1001}, {60, 1}};

using Disturb = std::function<double(double)>;

/// Timestamps of `seconds` of video, each passed through `disturb`.
std::vector<std::uint64_t> timestamps(Fraction rate, double seconds, const Disturb& disturb, double start = 1.0) {
  std::vector<std::uint64_t> result;
  for (int i = 0; i < static_cast<int>(seconds * rate.value()); ++i)
    result.push_back(static_cast<std::uint64_t>(disturb(start * kSecond + i * kSecond / rate.value())));
  return result;
}

double exact(double t) { return t; }
double to_milliseconds(double t) { return std::round(t / 1e6) * 1e6; }

Disturb jitter(double milliseconds, unsigned seed) {
  return [milliseconds, random = std::mt19937(seed)](double t) mutable {
    return t + std::uniform_real_distribution<double>(-milliseconds, milliseconds)(random) * 1e6;
  };
}

/// Pushes them all; the reports that came.
std::vector<RateReport> feed(FrameRate& rate, const std::vector<std::uint64_t>& stamps) {
  std::vector<RateReport> reports;
  for (const auto pts : stamps)
    if (const auto report = rate.push(pts, true)) reports.push_back(*report);
  return reports;
}

}  // namespace

TEST_CASE("standard rates are found, exactly, and told once") {
  for (const Fraction& expected : kRates) {
    FrameRate rate;
    const auto reports = feed(rate, timestamps(expected, 12, exact));
    CAPTURE(expected);
    CHECK(rate.report().input == expected);
    CHECK(rate.report().unique == expected);
    CHECK_FALSE(rate.report().variable);
    CHECK(reports.size() == 1);
  }
}

TEST_CASE("timestamps in whole milliseconds, as in RTMP, give the exact rate within 6 s") {
  for (const Fraction& expected : kRates) {
    for (int phase = 0; phase < 10; ++phase) {
      FrameRate rate;
      const auto reports = feed(rate, timestamps(expected, 6, to_milliseconds, 1.0 + phase * 1e-4));
      CAPTURE(expected, phase);
      CHECK(rate.report().input == expected);
      CHECK_FALSE(rate.report().variable);
      CHECK(reports.size() <= 3);
      for (const auto& report : reports) CHECK(std::abs(report.input.value() / expected.value() - 1) < 0.01);
    }
  }
}

TEST_CASE("jitter of a fifth of a frame leaves the rate within a thousandth") {
  for (const Fraction& expected : kRates) {
    for (unsigned seed = 0; seed < 10; ++seed) {
      FrameRate rate;
      feed(rate, timestamps(expected, 12, jitter(200 / expected.value(), seed)));
      CAPTURE(expected, seed);
      CHECK_FALSE(rate.report().variable);
      CHECK(std::abs(rate.report().input.value() / expected.value() - 1) < 1.1e-3);
    }
  }
}

TEST_CASE("the declared rate decides where the timestamps allow several") {
  const Fraction declared{30000, 1001};
  FrameRate rate;
  rate.set_declared(declared);
  const auto reports = feed(rate, timestamps(declared, 6, to_milliseconds));
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].input == declared);
  SECTION("but not against them") {
    FrameRate wrong;
    wrong.set_declared({25, 1});
    feed(wrong, timestamps({30, 1}, 6, to_milliseconds));
    CHECK(wrong.report().input == Fraction{30, 1});
  }
}

TEST_CASE("lost frames leave the rate alone") {
  std::mt19937 random(4);
  for (const Fraction& expected : kRates) {
    FrameRate rate;
    std::size_t reports = 0;
    for (const auto pts : timestamps(expected, 20, to_milliseconds)) {
      if (random() % 100 < 4) continue;
      reports += rate.push(pts, true) ? 1 : 0;
    }
    CAPTURE(expected);
    CHECK(rate.report().input == expected);
    CHECK_FALSE(rate.report().variable);
    CHECK(reports <= 3);
  }
}

TEST_CASE("a stall, a jump and a new timeline leave the rate alone") {
  const Fraction expected{25, 1};
  FrameRate rate;
  REQUIRE(feed(rate, timestamps(expected, 5, to_milliseconds)).size() == 1);
  CHECK(feed(rate, timestamps(expected, 5, to_milliseconds, 8.0)).empty());    // 2 s without a frame
  CHECK(feed(rate, timestamps(expected, 5, to_milliseconds, 500.0)).empty());  // far ahead
  CHECK(feed(rate, timestamps(expected, 5, to_milliseconds, 0.0)).empty());    // back to the start
  rate.interrupt();
  CHECK(rate.report().input == expected);
  CHECK(feed(rate, timestamps(expected, 5, to_milliseconds, 3600.0)).empty());
  CHECK(rate.report().input == expected);
}

TEST_CASE("a step to another rate is followed within ten frames or a second") {
  for (const auto& [from, to] : {std::pair<Fraction, Fraction>{{30, 1}, {60, 1}},
                                 {{60, 1}, {30, 1}},
                                 {{30, 1}, {25, 1}},
                                 {{50, 1}, {24000, 1001}},
                                 {{30, 1}, {10, 1}},
                                 {{30, 1}, {5, 1}}}) {
    FrameRate rate;
    feed(rate, timestamps(from, 6, to_milliseconds));
    REQUIRE(rate.report().input == from);
    const auto next = timestamps(to, 8, to_milliseconds, 7.0);
    int frames = 0;
    std::optional<RateReport> report;
    for (const auto pts : next) {
      if (!report) ++frames;
      if (auto r = rate.push(pts, true)) {
        report = r;
        CHECK(r->input.value() == Approx(to.value()).epsilon(0.01));
      }
    }
    CAPTURE(from, to);
    CHECK(rate.report().input == to);
    CHECK_FALSE(rate.report().variable);
    CHECK(frames <= std::max(12, to.num / to.den));
  }
}

TEST_CASE("a small step is followed too, if slowly") {
  FrameRate rate;
  feed(rate, timestamps({30, 1}, 10, to_milliseconds));
  for (const auto& report : feed(rate, timestamps({30000, 1001}, 20, to_milliseconds, 11.0)))
    CHECK(report.input == Fraction{30000, 1001});
  CHECK(rate.report().input == Fraction{30000, 1001});
  SECTION("by one frame in 25") {
    FrameRate film;
    feed(film, timestamps({25, 1}, 10, to_milliseconds));
    const auto reports = feed(film, timestamps({24, 1}, 10, to_milliseconds, 11.0));
    CHECK(film.report().input == Fraction{24, 1});
    CHECK(reports.size() <= 4);
  }
}

TEST_CASE("a variable rate gives the mean and says so") {
  std::mt19937 random(12);
  FrameRate rate;
  double t = 1e9;
  std::size_t reports = 0;
  std::size_t frames = 0;
  for (; t < 61e9; ++frames) {
    reports += rate.push(static_cast<std::uint64_t>(t), true) ? 1 : 0;
    t += std::uniform_real_distribution<double>(10e6, 90e6)(random);  // 20 frames a second on average
  }
  CHECK(rate.report().variable);
  CHECK(rate.report().input.value() == Approx(20.0).epsilon(0.15));
  CHECK(reports <= 8);
}

TEST_CASE("frames that come in bursts are a variable rate, frames in a regular pattern a constant one") {
  const auto run = [](const std::function<bool(int)>& there) {
    FrameRate rate;
    for (int i = 0; i < 600; ++i)
      if (there(i)) rate.push(1'000'000'000 + static_cast<std::uint64_t>(i * kSecond / 30), true);
    return rate.report();
  };
  const RateReport bursts = run([](int i) { return i % 10 < 4; });
  CHECK(bursts.variable);
  CHECK(bursts.input.value() == Approx(12.0).epsilon(0.1));
  const RateReport pulldown = run([](int i) { return i % 5 == 0 || i % 5 == 2; });
  CHECK_FALSE(pulldown.variable);
  CHECK(pulldown.input == Fraction{12, 1});
}

TEST_CASE("the rate of what is new: film in 60 fps, a repeated half, a still picture") {
  FrameRate rate;
  const auto run = [&](Fraction input, const std::function<bool(int)>& unique) {
    rate.reset();
    int i = 0;
    for (const auto pts : timestamps(input, 12, to_milliseconds)) rate.push(pts, unique(i++));
    return rate.report();
  };
  // 2:3 pulldown: frames 0 and 2 of 5 are new
  CHECK(run({60, 1}, [](int i) { return i % 5 == 0 || i % 5 == 2; }).unique == Fraction{24, 1});
  CHECK(run({60000, 1001}, [](int i) { return i % 5 == 0 || i % 5 == 2; }).unique == Fraction{24000, 1001});
  CHECK(run({50, 1}, [](int i) { return i % 2 == 0; }).unique == Fraction{25, 1});
  CHECK(run({30, 1}, [](int) { return false; }).unique == Fraction{0, 1});
  CHECK(run({30, 1}, [](int) { return true; }).unique == Fraction{30, 1});
}

TEST_CASE("reports are a second apart and come only for changes that matter") {
  FrameRate rate;
  std::vector<std::uint64_t> told;
  int i = 0;
  for (const auto pts : timestamps({30, 1}, 60, to_milliseconds)) {
    const bool unique = (i / 150) % 2 == 0 || i % 7 == 0;  // movement and stillness in turn
    if (rate.push(pts, unique)) told.push_back(pts);
    ++i;
  }
  REQUIRE(told.size() >= 3);
  for (std::size_t k = 1; k < told.size(); ++k) CHECK(told[k] - told[k - 1] >= 1'000'000'000);
}

TEST_CASE("nothing is claimed before there is evidence") {
  FrameRate rate;
  for (int i = 0; i < 8; ++i) CHECK_FALSE(rate.push(static_cast<std::uint64_t>(i) * 40'000'000, true));
  CHECK(rate.report().input == Fraction{0, 1});
  CHECK(rate.push(8 * 40'000'000, true));
  SECTION("slow streams need fewer frames") {
    FrameRate slow;
    std::size_t reports = 0;
    for (int i = 0; i < 4; ++i) reports += slow.push(static_cast<std::uint64_t>(i) * 1'000'000'000, true) ? 1 : 0;
    CHECK(reports == 1);
    CHECK(slow.report().input == Fraction{1, 1});
  }
}

TEST_CASE("repeated and slightly disordered timestamps do no harm") {
  FrameRate rate;
  for (int i = 0; i < 300; ++i) {
    const auto pts = 1'000'000'000 + static_cast<std::uint64_t>(i) * 40'000'000;
    rate.push(pts, true);
    if (i % 10 == 3) rate.push(pts, true);
    if (i % 10 == 7) rate.push(pts - 5'000'000, true);
  }
  CHECK(rate.report().input == Fraction{25, 1});
  CHECK_FALSE(rate.report().variable);
}

TEST_CASE("odd rates are given to a thousandth and do not wander") {
  FrameRate rate;
  const auto reports = feed(rate, timestamps({27300, 1000}, 20, jitter(1.0, 3)));
  CHECK(rate.report().input.value() == Approx(27.3).epsilon(0.005));
  CHECK(reports.size() <= 2);
}
