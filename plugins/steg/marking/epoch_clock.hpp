// Which epoch a frame is marked in.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "plugins/steg/watermark/chip_format.hpp"

namespace steg {

/// Times are nanoseconds. Epochs of the day format are counted from midnight UTC, those of the legacy format from the
/// origin; both come round at the number of epochs that the format has.
class EpochClock {
 public:
  explicit EpochClock(ChipFormat format) : format_(format) {}

  bool started() const { return origin_.has_value(); }
  /// `origin`: time since 1970 at running time 0.
  void start(std::uint64_t origin) { origin_ = origin; }
  /// Where none is given: the clock's in the day format, 0 in the legacy format, whose epochs say nothing of the time.
  std::uint64_t default_origin(std::uint64_t now, std::uint64_t running_time) const;

  /// After start(). `period` 0: always the epoch of the first call, by the period that is the default.
  int at(std::uint64_t running_time, std::uint64_t period);
  /// The epoch after one, as it is to be prepared.
  int next(int epoch, std::uint64_t period) const;

 private:
  int number(std::uint64_t running_time, std::uint64_t period) const;

  ChipFormat format_;
  std::optional<std::uint64_t> origin_;
  std::optional<int> first_;
};

}  // namespace steg
