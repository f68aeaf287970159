// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_taker.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace trace {
namespace {

/// Of a copy that is followed: the fewer windows wait, the sooner segments are known.
constexpr int kWindowsOfStream = 2;

}  // namespace

FrameTaker::FrameTaker(const steg::Key& key, steg::Extractor& extractor, const TraceOptions& options,
                       Skimmer::Mode mode, const Place* place, double share)
    : key_(key),
      extractor_(extractor),
      options_(options),
      mode_(mode),
      place_(place),
      share_(share),
      sampler_(options.rate) {}

void FrameTaker::take(const MediaFrame& frame, double file_duration, int films) {
  result_.films = films;
  take_sample(frame, file_duration);
  result_.duration = std::max(result_.duration, frame.time + frame.duration);
}

void FrameTaker::take_sample(const MediaFrame& frame, double file_duration) {
  const steg::PictureShape& shape = frame.picture.shape;
  if (result_.width == 0) {
    result_.width = shape.width;
    result_.height = shape.height;
  }
  const bool resized = shape != shape_;
  const bool taken = sampler_.takes(frame.time, frame.duration);
  if (!resized && !taken) return;
  if (resized) resize(shape, file_duration);
  if (!source_) return;
  std::vector<float> cells(source_->sampled());
  source_->sample(frame.picture, cells.data());
  skimmer_->add(std::move(cells), frame.time, frame.duration);
}

FileTrace FrameTaker::finish() {
  finish_part();
  return std::move(result_);
}

void FrameTaker::resize(const steg::PictureShape& shape, double file_duration) {
  shape_ = shape;
  const int planes = extractor_.contract().planes;
  std::unique_ptr<PictureSource> source;
  if (!place_)
    source = whole_picture(shape, planes);
  else if (shape.width == result_.width && shape.height == result_.height)
    source = located_picture(*place_, planes);
  if (source && (!segmenter_ || !source_ || source->layout().grid != source_->layout().grid)) {
    finish_part();
    begin_part(source->layout().grid, file_duration);
  }
  source_ = std::move(source);
}

void FrameTaker::begin_part(steg::GridSize grid, double file_duration) {
  SegmenterOptions options;
  options.max_p_value = options_.max_p_value;
  options.issued = options_.issued;
  options.format = extractor_.chip_format();
  options.clock = options_.clock;
  options.expected_windows = static_cast<std::size_t>(std::ceil(file_duration / options.window)) + 1;
  options.positions = share_ * std::max(1, result_.films);
  if (options_.patience > 0) options.most_windows = kWindowsOfStream;
  if (place_)
    options.positions *= share_of_place(place_->number);
  else if (options_.search)
    options.positions *= share_before_search();
  positions_ = options.positions;
  ++parts_;
  segmenter_.emplace(key_, grid, options);
  skimmer_.emplace(
      segmenter_->reader(), mode_,
      [this](const float* cells, float* field) { source_->extract(cells, extractor_, field); },
      [this](std::vector<float> field, double time, double duration) {
        segmenter_->add(std::move(field), time, duration);
        ++result_.frames;
      },
      options_.clock, options_.threads);
}

void FrameTaker::finish_part() {
  if (!segmenter_) return;
  skimmer_->finish();
  passed_over_ = passed_over_ || skimmer_->passed_over();
  pilots_ = pilots_ || skimmer_->has_pilots();
  skimmer_.reset();
  for (Segment& segment : segmenter_->finish(result_.duration)) result_.segments.push_back(std::move(segment));
  add_shown(result_.ab, segmenter_->shown());
  segmenter_.reset();
}

std::size_t FrameTaker::shown() const {
  return (result_.ab ? result_.ab->segments.size() : 0) + (segmenter_ ? segmenter_->segments().known() : 0);
}

std::optional<AbTrace> FrameTaker::so_far() const {
  std::optional<AbTrace> ab = result_.ab;
  if (segmenter_) add_shown(ab, segmenter_->segments().so_far());
  return ab;
}

void FrameTaker::add_shown(std::optional<AbTrace>& to, const steg::ShownSegments& shown) const {
  if (shown.segments.empty()) return;
  const double log10_p = steg::log10_p_value(shown.signature, positions_ * parts_ * (parts_ + 1.0));
  if (log10_p > std::log10(options_.max_p_value)) return;
  if (!to) to.emplace();
  AbTrace& ab = *to;
  ab.segments.insert(ab.segments.end(), shown.segments.begin(), shown.segments.end());
  if (log10_p >= ab.log10_p) return;
  ab.log10_p = log10_p;
  ab.signature = shown.signature;
}

}  // namespace trace
