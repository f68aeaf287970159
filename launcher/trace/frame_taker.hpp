// The frames of one pass through a file, from its grid to its segments.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <optional>

#include "frame_reader.hpp"
#include "frame_sampler.hpp"
#include "picture_source.hpp"
#include "plan.hpp"
#include "segmenter.hpp"
#include "tracer.hpp"

namespace trace {

class FrameTaker {
 public:
  /// `place`: where the picture is; null for the whole copy. `share`: by which p-values are multiplied besides, see
  /// Extractors. The references must outlive this.
  FrameTaker(const steg::Key& key, steg::Extractor& extractor, const TraceOptions& options, Skimmer::Mode mode,
             const Place* place, double share);

  /// All of `films` video tracks may be read.
  void take(const MediaFrame& frame, double file_duration, int films);

  /// See Skimmer; not so where the picture just changed its size.
  bool steady() const { return skimmer_ && skimmer_->steady(); }

  /// Segments of an A/B stream that the file has shown so far, proved or not, and what that proves.
  std::size_t shown() const;
  std::optional<AbTrace> so_far() const;

  /// Call once, after the last frame: what the file shows.
  FileTrace finish();
  /// After finish(): see Shown.
  bool passed_over() const { return passed_over_; }
  bool pilots() const { return pilots_; }

 private:
  void take_sample(const MediaFrame& frame, double file_duration);
  void resize(const steg::PictureShape& shape, double file_duration);
  void begin_part(steg::GridSize grid, double file_duration);
  void finish_part();
  /// Adds what the present part shows of an A/B stream, if it proves that.
  void add_shown(std::optional<AbTrace>& to, const steg::ShownSegments& shown) const;

  const steg::Key& key_;
  steg::Extractor& extractor_;
  const TraceOptions& options_;
  Skimmer::Mode mode_;
  const Place* place_;
  double share_;
  double positions_ = 1.0;  ///< of the present part, see SegmenterOptions
  int parts_ = 0;
  FileTrace result_;
  bool passed_over_ = false;
  bool pilots_ = false;
  FrameSampler sampler_;
  steg::PictureShape shape_;
  std::unique_ptr<PictureSource> source_;
  std::optional<Segmenter> segmenter_;
  std::optional<Skimmer> skimmer_;  ///< there is one whenever there is a segmenter
};

}  // namespace trace
