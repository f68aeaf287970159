// Measures how soon and how exactly the frame rate is known from timestamps, with and without disturbances, over nine
// rates from 24000/1001 to 60 and 200 phases each.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <random>
#include <vector>

#include "frame_rate.hpp"

namespace {

using framediff::Fraction;
using framediff::FrameRate;

constexpr double kSecond = 1e9;
constexpr double kLength = 15.0;
constexpr int kRuns = 200;
constexpr Fraction kRates[] = {{24000, 1001}, {24, 1}, {25, 1},       {30000, 1001}, {30, 1},
                               {48, 1},       {50, 1}, {60000, 1001}, {60, 1}};

struct Disturbance {
  const char* name;
  /// Rounded to this, ns.
  double rounding;
  /// Uniform, plus or minus this part of a frame.
  double jitter;
  /// Part of the frames that is lost.
  double loss;
  /// True if the caps say the rate.
  bool declared;
};

constexpr Disturbance kDisturbances[] = {
    {"exact", 1, 0, 0, false},
    {"1 ms (RTMP)", 1e6, 0, 0, false},
    {"1 ms, declared", 1e6, 0, 0, true},
    {"1 ms, 5% lost", 1e6, 0, 0.05, false},
    {"1 ms, jitter 5%", 1e6, 0.05, 0, false},
    {"1 ms, jitter 20%", 1e6, 0.2, 0, false},
};

struct Run {
  /// Seconds until the first report, and until the last one.
  double first = kLength;
  double last = kLength;
  int reports = 0;
  /// Largest relative error of a report.
  double error = 0;
  bool right = false;
};

Run run(const Fraction& rate, const Disturbance& disturbance, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  FrameRate measured;
  if (disturbance.declared) measured.set_declared(rate);
  Run result;
  const double start = kSecond * (1 + unit(random));
  for (int i = 0; i < kLength * rate.value(); ++i) {
    const double shift = disturbance.jitter * (2 * unit(random) - 1);
    if (unit(random) < disturbance.loss) continue;
    const double time = start + (i + shift) * kSecond / rate.value();
    const auto pts = static_cast<std::uint64_t>(std::round(time / disturbance.rounding) * disturbance.rounding);
    const auto report = measured.push(pts, true);
    if (!report) continue;
    result.last = (time - start) / kSecond;
    if (result.reports++ == 0) result.first = result.last;
    result.error = std::max(result.error, std::abs(report->input.value() / rate.value() - 1));
  }
  result.right = measured.report().input == rate && !measured.report().variable;
  return result;
}

double quantile(std::vector<double> values, double p) {
  const auto rank = static_cast<std::ptrdiff_t>(p * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + rank, values.end());
  return values[static_cast<std::size_t>(rank)];
}

}  // namespace

int main() {
  std::printf(
      "| timestamps | right after %.0f s | first told after | last told after: median / 99%% / largest | most messages "
      "| "
      "largest error told |\n|---|---|---|---|---|---|\n",
      kLength);
  for (const Disturbance& disturbance : kDisturbances) {
    std::vector<double> first;
    std::vector<double> last;
    int right = 0;
    int reports = 0;
    double error = 0;
    for (const Fraction& rate : kRates) {
      for (unsigned seed = 0; seed < kRuns; ++seed) {
        const Run one = run(rate, disturbance, seed);
        first.push_back(one.first);
        last.push_back(one.last);
        right += one.right ? 1 : 0;
        reports = std::max(reports, one.reports);
        error = std::max(error, one.error);
      }
    }
    std::printf("| %s | %.2f%% | %.2f s | %.2f / %.2f / %.2f s | %d | %.2f%% |\n", disturbance.name,
                100.0 * right / static_cast<double>(first.size()), quantile(first, 0.5), quantile(last, 0.5),
                quantile(last, 0.99), quantile(last, 1.0), reports, 100 * error);
  }
  return 0;
}
