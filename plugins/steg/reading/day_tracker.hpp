// In which epochs of the day the ticks of a copy were marked.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "plugins/steg/watermark/day_search.hpp"
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
  /// Of one frame of that tick, shown at `time`, seconds: as above, or another one that was sure before or after it
  /// where the frame's own code cells say so clearly. Copies that were cut together may share a phase, and so a tick.
  std::optional<Epoch> epoch_of(const std::vector<float>& field, Tick tick, double time) const;

  const DayClock& clock() const { return clock_; }
  /// Forgets all.
  void reset();

 private:
  /// An epoch that is known of a chain, from one of its ticks on.
  struct Anchor {
    int tick;
    int epoch;
    bool sure;
  };
  struct Moment {
    int epoch;
    double time;
  };

  void remember(const Moment& moment);
  /// Epochs between that moment and `time` at the speed of the mark.
  long passed(const Moment& moment, double time) const;

  void resolve_chain(int chain, const FieldSum& sum, double from, double to, FieldSum& out);
  std::optional<Anchor> decide(int chain, const FieldSum& sum, double from);
  /// The best of all epochs, by `search`, which has the fields of `sum`.
  DayFit best_of(const DaySearch& search, const FieldSum& sum);
  /// The first tick that says something else of the anchor than those before it, if there is one.
  std::optional<int> split(const FieldSum& sum, const Anchor& anchor) const;
  void keep(int chain, const Anchor& anchor);
  const Anchor* anchor_of(int chain, int tick) const;
  /// An epoch that may come next, and ln of how much likelier it is than any one of all.
  struct Expected {
    int epoch;
    double prior;
  };
  std::vector<Expected> likely(int chain, int tick, double time) const;
  int epoch_from(const Anchor& anchor, int tick) const;

  const Reader& reader_;
  DayClock clock_;
  std::map<int, std::vector<Anchor>> anchors_;  ///< of each chain, in order
  std::vector<Moment> moments_;                 ///< that were sure, each of another course of time, the latest last
  /// What the latest searches among all epochs found, by the hash of their sums: as parts of a copy are joined and
  /// split, the same sums come again, half of all at an A/B copy.
  std::deque<std::pair<std::size_t, DayFit>> searches_;
};

}  // namespace steg
