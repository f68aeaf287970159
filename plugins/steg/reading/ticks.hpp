// Frames in sequence by the epochs they were marked in, before the time of day is known.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <vector>

#include "plugins/steg/watermark/day_clock.hpp"
#include "plugins/steg/watermark/reading.hpp"

namespace steg {

/// An epoch whose number is not known: so many after another one of its chain. In the legacy format the epoch itself.
struct Tick {
  int chain = 0;
  int number = 0;  ///< its phase is number % 8; they come round after kDayEpochs
  bool operator==(const Tick& other) const { return chain == other.chain && number == other.number; }
};

/// How many epochs lie between two ticks of a chain, the short way round.
long ticks_between(int from, int to);

/// Counts ticks from the phases of frames. A phase that cannot have come next in the time that has passed, at half the
/// speed or twice, begins a new chain, and so does a gap in which more than half of the phases went by.
class TickChains {
 public:
  TickChains(ChipFormat format, const DayClock& clock) : format_(format), clock_(clock) {}

  /// Frames in order of time, seconds.
  Tick add(int phase, double time);
  /// Nothing to come belongs to a chain before.
  void reset() { open_.clear(); }

 private:
  struct Chain {
    Tick last;
    double time;
  };
  bool continues(const Chain& chain, int phase, double time) const;

  ChipFormat format_;
  DayClock clock_;
  int chains_ = 0;
  std::vector<Chain> open_;  ///< that may go on, the latest last
};

/// Sums of fields by tick.
class TickSums {
 public:
  TickSums(GridSize size, ChipFormat format) : size_(size), format_(format) {}

  void add(const float* field, Tick tick) { of(tick.chain).add(field, tick.number); }
  void add(const TickSums& other);
  void clear() { chains_.clear(); }

  GridSize size() const { return size_; }
  ChipFormat format() const { return format_; }
  /// Of each chain the sums by Tick::number.
  const std::map<int, FieldSum>& chains() const { return chains_; }

 private:
  FieldSum& of(int chain) { return chains_.try_emplace(chain, size_, format_).first->second; }

  GridSize size_;
  ChipFormat format_;
  std::map<int, FieldSum> chains_;
};

}  // namespace steg
