// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_rate.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace framediff {
namespace {

constexpr double kSecond = 1e9;
/// Timestamps that jump further belong to another timeline.
constexpr std::uint64_t kLongestGap = 5'000'000'000;
constexpr std::uint64_t kLongestStepBack = 1'000'000'000;
constexpr double kLongestWindow = 10 * kSecond;
/// Shortest time between two reports, ns.
constexpr std::uint64_t kReportDistance = 1'000'000'000;
/// Intervals after which a first answer is given; fewer if they took kSlowSpan.
constexpr std::size_t kFewIntervals = 8;
constexpr std::size_t kFewestIntervals = 3;
constexpr double kSlowSpan = 2 * kSecond;
/// A variable rate needs more evidence than a constant one.
constexpr std::size_t kVariableIntervals = 16;
/// Residuals above this part of a period: there is no period. Uniformly random timestamps give 0.29.
constexpr double kConstantResidual = 0.2;
/// Half the distance between a whole rate and its 1000/1001.
constexpr double kStandardTolerance = 5e-4;
constexpr double kClockTolerance = 2e-4;
constexpr double kOtherTolerance = 1e-2;
constexpr double kFirstTolerance = 0.03;
constexpr double kStepTolerance = 0.05;
constexpr double kVariableTolerance = 0.1;
constexpr double kUniqueTolerance = 0.25;

constexpr std::array<Fraction, 30> kStandardRates{{
    {24000, 1001}, {24, 1},  {25, 1},  {30000, 1001}, {30, 1},        {48000, 1001}, {48, 1}, {50, 1},
    {60000, 1001}, {60, 1},  {1, 1},   {2, 1},        {5, 1},         {15, 2},       {8, 1},  {10, 1},
    {12, 1},       {25, 2},  {15, 1},  {15000, 1001}, {20, 1},        {72, 1},       {75, 1}, {90, 1},
    {100, 1},      {120, 1}, {144, 1}, {240, 1},      {120000, 1001}, {40, 1},
}};

double relative(double a, double b) { return std::abs(a - b) / b; }

/// The standard rate nearest to `rate` if one is as near as `tolerance`, as a part of the rate.
std::optional<Fraction> standard_rate(double rate, double tolerance) {
  const auto* nearest = std::min_element(
      kStandardRates.begin(), kStandardRates.end(),
      [rate](const Fraction& a, const Fraction& b) { return std::abs(a.value() - rate) < std::abs(b.value() - rate); });
  if (relative(nearest->value(), rate) > tolerance) return std::nullopt;
  return *nearest;
}

bool is_standard(const Fraction& rate) {
  return std::find(kStandardRates.begin(), kStandardRates.end(), rate) != kStandardRates.end();
}

/// `rate` in steps of 1 / den.
Fraction rounded(double rate, int den) {
  const int num = static_cast<int>(std::lround(std::min(rate, 1e6) * den));
  const int divisor = std::gcd(num, den);
  return divisor == 0 ? Fraction{} : Fraction{num / divisor, den / divisor};
}

}  // namespace

struct FrameRate::Fit {
  /// ns from one frame to the next.
  double period;
  /// Root of the mean square of the residuals, ns.
  double residual;
  /// Standard error of the period, ns.
  double error;
  /// Intervals longer than a period, and the periods that all of them cover.
  std::size_t gaps;
  std::size_t periods;

  bool irregular() const { return residual > kConstantResidual * period; }
  /// How far the rate may be from the true one, as a part of it.
  double tolerance() const { return std::max(kClockTolerance, 3.0 * error / period); }
};

void FrameRate::append(const Sample& sample) {
  if (count_ == kCapacity) drop_oldest(1);
  samples_[(first_ + count_) % kCapacity] = sample;
  ++count_;
}

void FrameRate::drop_oldest(std::size_t n) {
  first_ = (first_ + n) % kCapacity;
  count_ -= n;
}

double FrameRate::median_interval() const {
  std::array<double, kCapacity> intervals{};
  std::size_t n = 0;
  for (std::size_t i = 1; i < count_; ++i) intervals[n++] = interval(i);
  const auto middle = intervals.begin() + static_cast<std::ptrdiff_t>(n / 2);
  std::nth_element(intervals.begin(), middle, intervals.begin() + static_cast<std::ptrdiff_t>(n));
  return *middle;
}

bool FrameRate::enough() const { return count_ > kFewIntervals || (count_ > kFewestIntervals && span() >= kSlowSpan); }

/// Drops the samples before a large step to another rate: the last intervals agree with each other, not with the rate.
void FrameRate::follow_step() {
  if (count_ <= 2 * kFewIntervals || report_.input.num == 0) return;
  const std::size_t from = count_ - kFewIntervals;
  const double mean = static_cast<double>(at(count_ - 1).pts - at(from - 1).pts) / kFewIntervals;
  if (relative(kSecond / mean, report_.input.value()) <= kStepTolerance) return;
  for (std::size_t i = from; i < count_; ++i)
    if (relative(interval(i), mean) > 0.25) return;
  drop_oldest(from - 1);
}

/// Drops the older half if it certainly had another rate than the newer one: a small step.
void FrameRate::follow_bend(double period) {
  if (count_ <= 4 * kFewIntervals) return;
  const Fit before = fit(period, 0, count_ / 2);
  const Fit after = fit(period, count_ / 2, count_);
  const double certain = 4.0 * std::hypot(before.error, after.error);
  if (std::abs(before.period - after.period) <= std::max(certain, kClockTolerance * period)) return;
  if (before.irregular() || after.irregular()) return;
  drop_oldest(count_ / 2);
}

/// The line through (number, timestamp) of the samples from `begin` to before `end`. A frame's number grows by at least
/// 1: by the nearest whole number of periods since the frame before, measured from where the line expects that frame.
/// So lost frames leave a gap, and jitter of one frame does not add to that of the next.
FrameRate::Fit FrameRate::fit(double period, std::size_t begin, std::size_t end) const {
  constexpr double kPull = 0.2;
  const auto time = [&](std::size_t i) { return static_cast<double>(at(i).pts - at(begin).pts); };
  std::array<double, kCapacity> numbers{};
  Fit fit{};
  double expected = 0.0;
  double number = 0.0;
  double sum_number = 0.0;
  double sum_time = 0.0;
  for (std::size_t i = begin + 1; i < end; ++i) {
    const double steps = std::max(1.0, std::round((time(i) - expected) / period));
    if (steps > 1.0) ++fit.gaps;
    number += steps;
    expected += steps * period;
    expected += kPull * (time(i) - expected);
    numbers[i] = number;
    sum_number += number;
    sum_time += time(i);
  }
  const auto n = static_cast<double>(end - begin);
  const double mean_number = sum_number / n;
  const double mean_time = sum_time / n;
  double squares = 0.0;
  double products = 0.0;
  for (std::size_t i = begin; i < end; ++i) {
    squares += (numbers[i] - mean_number) * (numbers[i] - mean_number);
    products += (numbers[i] - mean_number) * (time(i) - mean_time);
  }
  fit.period = products / squares;
  double residuals = 0.0;
  for (std::size_t i = begin; i < end; ++i) {
    const double residual = time(i) - mean_time - fit.period * (numbers[i] - mean_number);
    residuals += residual * residual;
  }
  fit.residual = std::sqrt(residuals / n);
  fit.error = fit.residual / std::sqrt(squares);
  fit.periods = static_cast<std::size_t>(number);
  return fit;
}

Fraction FrameRate::constant_rate(const Fit& fit) const {
  const double rate = kSecond / fit.period;
  const double tolerance = fit.tolerance();
  const auto fits = [&](const Fraction& f) { return f.num > 0 && relative(f.value(), rate) <= tolerance; };
  if (!report_.variable && is_standard(report_.input) && fits(report_.input)) return report_.input;
  if (fits(declared_)) return declared_;
  if (const auto standard = standard_rate(rate, std::max(tolerance, kStandardTolerance))) return *standard;
  if (report_.input.num > 0 && relative(report_.input.value(), rate) <= kOtherTolerance) return report_.input;
  return rounded(rate, 1000);
}

Fraction FrameRate::mean_rate() const {
  const double rate = static_cast<double>(count_ - 1) * kSecond / span();
  if (report_.variable && relative(report_.input.value(), rate) <= kVariableTolerance) return report_.input;
  const auto standard = standard_rate(rate, 0.02);
  return standard ? *standard : rounded(rate, 100);
}

Fraction FrameRate::unique_rate() const {
  std::size_t unique = 0;
  for (std::size_t i = 1; i < count_; ++i) unique += at(i).unique ? 1 : 0;
  if (unique == count_ - 1) return report_.input;
  if (unique == 0) return {};
  const double rate = report_.input.value() * static_cast<double>(unique) / static_cast<double>(count_ - 1);
  // The window may cut a regular pattern anywhere: one frame more or less.
  const auto standard = standard_rate(rate, 1.0 / static_cast<double>(unique));
  return standard ? *standard : rounded(rate, 100);
}

void FrameRate::measure() {
  // The second fit numbers the frames by a better period than the median, which rounding may be off by 2 percent.
  const double period = fit(median_interval(), 0, count_).period;
  follow_bend(period);
  const Fit result = fit(period, 0, count_);
  const std::size_t intervals = count_ - 1;
  const bool sparse =
      result.gaps >= kFewIntervals && static_cast<double>(intervals) < 0.85 * static_cast<double>(result.periods);
  const bool variable = result.irregular() || sparse;
  // A few uneven frames are not enough for a first answer.
  if (report_.input.num == 0 && !variable && result.tolerance() > kFirstTolerance && span() < kSecond) return;
  if (variable && intervals < kVariableIntervals && span() < kSlowSpan) return;
  const Fraction input = variable ? mean_rate() : constant_rate(result);
  const bool expected = !variable && (is_standard(input) || input == declared_ || input == report_.input);
  if (expected) {
    doubtful_since_.reset();
  } else {
    if (!doubtful_since_) doubtful_since_ = pushed_;
    // A step to another standard rate looks like this too until follow_step() has seen enough of it.
    if (report_.input.num > 0 && pushed_ - *doubtful_since_ < kVariableIntervals) return;
  }
  report_.input = input;
  report_.variable = variable;
  report_.unique = unique_rate();
}

bool FrameRate::worth_telling() const {
  if (report_.input.num == 0) return false;
  if (!told_ || told_->input != report_.input || told_->variable != report_.variable) return true;
  const double before = told_->unique.value();
  const double change = std::abs(report_.unique.value() - before);
  return change > std::max(0.5, kUniqueTolerance * before);
}

std::optional<RateReport> FrameRate::push(std::uint64_t pts, bool unique) {
  if (count_ > 0) {
    const std::uint64_t last = at(count_ - 1).pts;
    if (pts <= last && last - pts < kLongestStepBack) return std::nullopt;
    if (pts < last || pts - last > kLongestGap) interrupt();
  }
  append({pts, unique});
  while (span() > kLongestWindow && count_ > kFewIntervals + 1) drop_oldest(1);
  ++pushed_;
  if (!enough()) return std::nullopt;
  follow_step();
  // A fit over the whole window is only worth its time every few frames.
  if (count_ <= 4 * kFewIntervals || pushed_ % kFewIntervals == 0) measure();
  const bool soon = told_ && pts >= told_at_ && pts - told_at_ < kReportDistance;
  if (soon || !worth_telling()) return std::nullopt;
  told_ = report_;
  told_at_ = pts;
  return report_;
}

void FrameRate::interrupt() {
  count_ = 0;
  doubtful_since_.reset();
}

void FrameRate::reset() {
  interrupt();
  report_ = {};
  told_.reset();
}

}  // namespace framediff
