// SPDX-License-Identifier: LGPL-2.1-or-later
#include "day_clock.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <stdexcept>

#include "chips.hpp"

namespace steg {
namespace {

constexpr double kDay = 86400;

}  // namespace

DayClock::DayClock(double period) : period_(period), tells_time_(period * kDayEpochs >= kDay), epochs_(kDayEpochs) {
  if (!(period > 0)) throw std::invalid_argument("an epoch must have a length");
  // A period given in nanoseconds is no exact double: what is left of a division is no epoch of its own.
  if (tells_time_) epochs_ = std::max(1, static_cast<int>(std::ceil(kDay / period - 1e-9)));
}

int DayClock::after(int epoch, long steps) const {
  // Numbers that no epoch of the day has come from copies of another period: they go on up to the last one there is.
  const long count = epoch < epochs_ ? epochs_ : kDayEpochs;
  const long sum = (epoch + steps) % count;
  return static_cast<int>(sum < 0 ? sum + count : sum);
}

long DayClock::steps(int from, int to) const {
  const long count = std::max(from, to) < epochs_ ? epochs_ : kDayEpochs;
  long steps = (static_cast<long>(to) - from) % count;
  if (steps > count / 2) steps -= count;
  if (steps < -(count / 2)) steps += count;
  return steps;
}

double DayClock::end(int epoch) const { return std::min((epoch + 1) * period_, kDay); }

std::string time_of_day_text(double seconds) {
  // Nanoseconds as a double may lie just before the second they mean.
  const auto whole = static_cast<long>(std::floor(seconds + 1e-6)) % static_cast<long>(kDay);
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%02ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
  return text.data();
}

}  // namespace steg
