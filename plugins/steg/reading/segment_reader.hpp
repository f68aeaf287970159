// Which segments of an A/B stream a copy shows, and in which variants.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "plugins/steg/watermark/reading.hpp"
#include "variant_evidence.hpp"

namespace steg {

/// A segment that a copy shows.
struct ShownSegment {
  double from;  ///< seconds in the copy
  double to;
  int frames;
  std::uint32_t position;
  double pilot;      ///< strength of the pilots, about N(0,1) where there is no mark
  double signature;  ///< S of the variant that the code bits are likeliest to be of, about N(0,1) where it is not there
  VariantReading reading;
};

/// What a copy shows in all.
struct ShownSegments {
  std::vector<ShownSegment> segments;  ///< in order of time; each position once
  double signature = 0;                ///< S of all of them together
};

/// Sums frames by epoch, for each segment has an epoch of its own: its position modulo 65536. The rest of the position
/// comes from code bits: of any segment that can be decoded, and holds then for those before and after it, whose epochs
/// say how far away they are. Of the day format only: in the legacy one epochs say too little.
///
/// The signature of a variant is chosen by code bits alone, so that ShownSegments::signature is that of a single try.
class SegmentReader {
 public:
  /// `reader` must outlive this.
  explicit SegmentReader(const Reader& reader) : reader_(reader) {}

  /// A frame's field (Reader::size().cells() values), scaled as EpochTracker hands it on, in order of time.
  void add(const float* field, int epoch, double from, double to);

  /// Call once, after the last frame. Nothing unless a segment could be decoded.
  ShownSegments finish();
  /// What finish() would say now; frames may follow.
  ShownSegments so_far() const { return SegmentReader(*this).finish(); }
  /// Segments whose positions are known so far.
  std::size_t known() const { return segments_.size(); }

 private:
  /// Frames of an epoch that follow each other, or nearly.
  struct Run {
    int epoch;
    double from;
    double to;
    int frames;
    std::vector<float> sum;
    int last = 0;  ///< when its last frame came, counted in frames of all runs
  };
  /// A run that has ended, before its position is known.
  struct Ended {
    int epoch;
    double from;
    double to;
    int frames;
    double pilot;
    SoftBits z;
    std::vector<float> signature;  ///< cells of the signature; empty where that would take too much memory
  };

  void close(Run run);
  void settle(const Ended& ended, std::uint32_t position);
  std::uint32_t position_of(int epoch) const;
  void drop_strays();
  /// Segments that left no frame whose epoch could be told, between others: unread.
  void fill_gaps();

  const Reader& reader_;
  std::deque<Run> open_;
  int frames_ = 0;  ///< of all runs
  std::vector<Ended> waiting_;
  std::optional<std::uint32_t> known_;  ///< position of the last segment that was decoded
  std::vector<ShownSegment> segments_;
  Correlation signatures_;
};

}  // namespace steg
