// Finds which ID a copy carries from when to when.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "boundary.hpp"
#include "marked_spans.hpp"
#include "plugins/steg/reading/day_tracker.hpp"
#include "plugins/steg/reading/epoch_tracker.hpp"
#include "plugins/steg/reading/segment_reader.hpp"
#include "plugins/steg/reading/ticks.hpp"
#include "plugins/steg/watermark/field_blocks.hpp"
#include "plugins/steg/watermark/issued_ids.hpp"
#include "plugins/steg/watermark/reading.hpp"
#include "segment.hpp"

namespace trace {

struct SegmenterOptions {
  double window = 1.0;    ///< seconds that are summed and read at first
  int most_windows = 10;  ///< windows that are unreadable alone are summed, twice as many at a time, up to this many
  double max_p_value = steg::kDefaultMaxPValue;
  std::size_t expected_windows = 1;         ///< in the whole copy, as far as is known before
  const steg::IssuedIds* issued = nullptr;  ///< from the audit log, tried besides blind reading; must outlive this
  steg::ChipFormat format = steg::ChipFormat::legacy;
  steg::DayClock clock{};  ///< of the epochs
  double positions = 1.0;  ///< by which p-values are multiplied because the copy is read at other positions, too
};

/// Reads frames of one grid size in order of time.
///
/// p-values count all tries: H is the number of runs of consecutive windows in the copy, n(n+1)/2 for n windows, so
/// that the bound holds for whatever run is read in the end. Runs read blindly, runs read with the IDs from the audit
/// log, and the accusation of several IDs in the whole copy (steg::accuse) have equal shares of the significance, of
/// the part that SegmenterOptions::positions leaves.
/// Phases are chosen by pilot cells, epochs of the day and boundaries by code cells, which the signature does not
/// depend on. A run is read once, with the epochs that its code cells had chosen.
class Segmenter {
 public:
  Segmenter(const steg::Key& key, steg::GridSize size, SegmenterOptions options);

  /// `field`: what the extractor makes of a frame; `time` and `duration` in seconds, times ascending.
  void add(std::vector<float> field, double time, double duration);

  /// Call once, after the last frame. `end`: when the copy ends, seconds; frames after the last one taken count as it.
  std::vector<Segment> finish(double end);
  /// After finish(): what the copy shows of an A/B stream, whether it proves that or not.
  const steg::ShownSegments& shown() const { return shown_; }
  /// Before finish(): segments of an A/B stream whose frames are decided.
  const steg::SegmentReader& segments() const { return segment_reader_; }

  std::size_t frames() const { return frames_.size(); }
  const steg::Reader& reader() const { return reader_; }

 private:
  /// What is kept of every frame.
  struct Frame {
    double time;
    double end;
    steg::SoftBits z;
    std::optional<int> epoch = {};  ///< if it is sure
  };
  /// A frame whose epoch is not decided.
  struct Pending {
    std::size_t frame;
    steg::Tick tick;
    std::vector<float> field;
  };
  /// Frames from `first` to before `last`, their sum by tick, and that by epoch as it was read.
  struct Run {
    std::size_t first;
    std::size_t last;
    steg::TickSums ticks;
    steg::FieldSum sum;
  };
  /// A run that reads, grown by those after it that read the same.
  struct Found {
    std::size_t first;
    std::size_t last;
    steg::FieldSum sum;                       ///< empty once concluded
    steg::Reading best;                       ///< the strongest reading of a part of the run
    double hypotheses;                        ///< that `best` counts
    std::size_t first_part_last;              ///< one past the last frame of the first part that read
    std::size_t last_part_first;              ///< first frame of the last part that read
    std::optional<steg::Reading> whole = {};  ///< of all of it, as a single hypothesis
    steg::SoftBits z = {};                    ///< of all of it
  };

  void take(const std::vector<float>& field, int phase);
  void close_window();
  /// Decides the epochs of a run.
  void resolve(Run& run);
  std::optional<steg::Reading> read(const steg::FieldSum& sum, double hypotheses, double max_p_value) const;
  std::optional<steg::Reading> read(Run& run);
  /// Takes the code bits of all frames before `end` by the epochs that are decided.
  void settle_frames(std::size_t end);
  void settle_waiting();
  void conclude(Found& found) const;
  double ways_of_reading() const;
  double hypotheses() const;
  /// z, positive where it agrees with the ID.
  steg::SoftBits agreeing(steg::SoftBits z, const std::string& id) const;
  std::vector<Segment> in_sequence() const;
  std::vector<Segment> with_mixed(std::vector<Segment> segments) const;
  /// Cuts segments where the time of day jumps, and says when each was marked.
  std::vector<Segment> by_time_of_day(const std::vector<Segment>& segments) const;
  void accept(Run run, const steg::Reading& reading);
  void settle(Found& found) const;
  std::vector<double> evidence(const Found* found, std::size_t first, std::size_t last) const;
  Boundary boundary(const Found* before, const Found* after, std::size_t earliest) const;

  steg::Reader reader_;
  SegmenterOptions options_;
  steg::EpochTracker tracker_;
  steg::TickChains chains_;
  steg::DayTracker days_;
  steg::FieldBlocks blocks_;
  steg::SegmentReader segment_reader_;
  steg::ShownSegments shown_;
  std::vector<Frame> frames_;
  std::size_t taken_ = 0;        ///< of frames_, those whose phase is decided
  std::deque<Pending> pending_;  ///< of those, the ones whose epoch may change
  std::optional<Run> window_;    ///< that grows
  std::deque<Run> waiting_;      ///< windows in a row that nothing was read from, the last of them the latest
  std::vector<Found> found_;
  std::size_t windows_ = 0;
};

}  // namespace trace
