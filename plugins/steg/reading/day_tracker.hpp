// In which epochs of the day the ticks of a copy were marked.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <optional>

#include "../watermark/day_search.hpp"
#include "ticks.hpp"

namespace steg {

/// Decides the epoch of each chain of ticks by its code cells (DaySearch). Where the epochs before were sure, those
/// that follow at the speed of the copy are tried first, and the others only where these do not fit. Signature cells
/// are never looked at. In the legacy format ticks are epochs, and nothing is decided.
class DayTracker {
 public:
  /// `reader` must outlive this.
  DayTracker(const Reader& reader, const DayClock& clock) : reader_(reader), clock_(clock) {}

  /// The same sums by epoch. Those of chains without a sign of a mark are left out. `from`, `to`: time of the first and
  /// the last frame, seconds.
  FieldSum resolve(const TickSums& sums, double from, double to);

  struct Epoch {
    int number;
    bool sure;  ///< the code cells say so clearly
  };
  /// As decided last for the chain of that tick; nothing if it was not.
  std::optional<Epoch> epoch_of(Tick tick) const;

  const DayClock& clock() const { return clock_; }
  /// Forgets all.
  void reset();

 private:
  /// An epoch that is known of a chain.
  struct Anchor {
    int tick;
    int epoch;
    bool sure;
  };
  struct Moment {
    int epoch;
    double time;
  };

  std::optional<Anchor> decide(int chain, const FieldSum& sum, double from) const;
  /// An epoch that may come next, and ln of how much likelier it is than any one of all.
  struct Expected {
    int epoch;
    double prior;
  };
  std::vector<Expected> likely(int chain, int tick, double time) const;
  int epoch_from(const Anchor& anchor, int tick) const;

  const Reader& reader_;
  DayClock clock_;
  std::map<int, Anchor> anchors_;
  std::optional<Moment> last_;  ///< that was sure
};

}  // namespace steg
