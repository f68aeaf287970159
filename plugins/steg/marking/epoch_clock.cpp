// SPDX-License-Identifier: LGPL-2.1-or-later
#include "epoch_clock.hpp"

namespace steg {
namespace {

constexpr std::uint64_t kDefaultPeriod = 2'000'000'000;
constexpr std::uint64_t kDay = 86'400'000'000'000;

}  // namespace

std::uint64_t EpochClock::default_origin(std::uint64_t now, std::uint64_t running_time) const {
  // A running time beyond the clock's is that of a stream that counts in its own way; the time of day is still right.
  return format_ == ChipFormat::legacy ? 0 : now % kDay + kDay - running_time % kDay;
}

int EpochClock::number(std::uint64_t running_time, std::uint64_t period) const {
  if (format_ == ChipFormat::legacy) return static_cast<int>((*origin_ + running_time) / period % kEpochs);
  return static_cast<int>((*origin_ % kDay + running_time % kDay) % kDay / period % kDayEpochs);
}

int EpochClock::at(std::uint64_t running_time, std::uint64_t period) {
  if (!first_) first_ = format_ == ChipFormat::legacy ? 0 : number(running_time, period > 0 ? period : kDefaultPeriod);
  return period > 0 ? number(running_time, period) : *first_;
}

int EpochClock::next(int epoch, std::uint64_t period) const {
  if (format_ == ChipFormat::legacy) return (epoch + 1) % kEpochs;
  const bool last = (static_cast<std::uint64_t>(epoch) + 1) * period >= kDay;
  return last ? 0 : (epoch + 1) % kDayEpochs;
}

}  // namespace steg
