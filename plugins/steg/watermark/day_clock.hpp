// Epochs of the day format and the time of day.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace steg {

/// Epoch n begins n periods after midnight UTC. Periods so short that the numbers come round within a day tell no time.
class DayClock {
 public:
  static constexpr double kDefaultPeriod = 2.0;  ///< seconds

  /// `period`: more than 0.
  explicit DayClock(double period = kDefaultPeriod);

  double period() const { return period_; }
  bool tells_time() const { return tells_time_; }
  /// Epochs of a day, the last of them short where the period does not divide it.
  int epochs() const { return epochs_; }

  /// The epoch so many after another one, over midnight or before it.
  int after(int epoch, long steps) const;
  /// How many steps lead from one epoch to another, the short way round: negative if it lies before.
  long steps(int from, int to) const;

  /// When an epoch begins and ends, seconds after midnight; the end of the last one is that of the day.
  double begin(int epoch) const { return epoch * period_; }
  double end(int epoch) const;

 private:
  double period_;
  bool tells_time_;
  int epochs_;
};

/// Seconds after midnight as "14:03:22"; those of a second that has begun count as its beginning.
std::string time_of_day_text(double seconds);

}  // namespace steg
