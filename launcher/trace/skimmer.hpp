// Which frames of a copy the network looks at.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "frame_sampler.hpp"
#include "group_skipper.hpp"
#include "plugins/steg/reading/day_tracker.hpp"
#include "plugins/steg/reading/ticks.hpp"
#include "plugins/steg/watermark/reading.hpp"

namespace trace {

/// Runs the network, which costs far more than all else, on one frame a second or fewer where that is enough: a frame
/// whose code bits alone are those of one codeword, and of no other besides, stands for those up to the next such frame
/// with the same codeword. Where codewords change, fail, or are mixed, or the time of day jumps at which frames were
/// marked, the frames between are looked at, too.
///
/// Pilot and code cells decide, never signature cells, so that the choice costs no significance.
class Skimmer {
 public:
  enum class Mode {
    all,        ///< every frame that comes is looked at
    certain,    ///< all but those between frames that are certain
    promising,  ///< of frames that are not certain, only those near a pilot that stands out: the others are passed over
  };
  /// Makes `field`, Reader::size().cells() values, from the cells of a frame's planes.
  using Extract = std::function<void(const float* cells, float* field)>;
  /// Gets those that were looked at, in order.
  using Sink = std::function<void(std::vector<float> field, double time, double duration)>;

  /// `reader` must outlive this. With `threads` above 1 so many frames at a time are looked at, where it is known that
  /// all of them will be: `extract` is called from several threads at once.
  Skimmer(const steg::Reader& reader, Mode mode, Extract extract, Sink sink,
          const steg::DayClock& clock = steg::DayClock(), int threads = 1);

  /// The cells of a frame, in order of time. The first one is always looked at.
  void add(std::vector<float> cells, double time, double duration);
  /// Call once, after the last frame.
  void finish();

  /// Whether one ID alone has been certain in the last kSteadyLooks looks, so that it would be enough to get a frame
  /// now and then. Ends with a look that differs, or a gap of more than kLongestGap seconds; never in Mode::all.
  bool steady() const { return agreeing_ >= kSteadyLooks; }
  /// Whether frames were passed over that were not certain; Mode::promising only.
  bool passed_over() const { return passed_over_; }
  /// Whether the pilots stand out in any frame that was looked at, or in all of them together.
  bool has_pilots() const;

  static constexpr double kRate = 1.0;  ///< frames looked at in a second at least
  /// While steady(): looks are then GroupSkipper::kLongest apart at most.
  static constexpr double kSteadyRate = 2.0 / GroupSkipper::kLongest;
  static constexpr int kSteadyLooks = 8;
  static constexpr double kLongestGap = GroupSkipper::kLongest + 0.1;

 private:
  struct Frame {
    std::vector<float> cells;
    double time;
    double duration;
  };
  struct Look {
    bool pilot = false;
    std::optional<std::uint64_t> payload;  ///< if it is certain
    std::optional<int> epoch;              ///< of the day, if the payload is certain and the mark says it
    double time = 0;
  };

  void look(const Frame& frame);
  Look judge(const float* field, double time);
  /// Fills in payload and epoch of a frame of that phase, if they are certain.
  void judge_code(const float* field, int phase, Look& look);
  /// Whether all frames between two looks carry the same as these.
  bool same(const Look& before, const Look& now) const;
  /// Extracts and hands on what waits.
  void hand_on();

  const steg::Reader& reader_;
  Mode mode_;
  Extract extract_;
  Sink sink_;
  std::size_t threads_;
  steg::TickChains chains_;
  steg::DayTracker days_;
  FrameSampler sampler_{kRate};
  FrameSampler steady_sampler_{kSteadyRate};
  std::vector<Frame> waiting_;  ///< since the last look, or in Mode::all for the other threads
  std::optional<Look> last_;
  int agreeing_ = 0;        ///< looks in a row that were certain of the same ID
  double last_time_ = 0.0;  ///< of the frame before
  bool passed_over_ = false;
  bool any_pilot_ = false;
  double pilots_ = 0;  ///< sum of the largest of each look
  int looks_ = 0;
};

}  // namespace trace
