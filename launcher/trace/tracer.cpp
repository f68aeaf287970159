// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tracer.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "media_reader.hpp"
#include "plugins/steg/watermark/grid.hpp"

namespace trace {
namespace {

/// The frames of a file, from its grid to its segments. A copy that was cropped or turned would be brought back into
/// place here, between average_down() and the extractor.
class FrameTaker {
 public:
  FrameTaker(const steg::Key& key, steg::Extractor& extractor, const TraceOptions& options, FileTrace& result)
      : key_(key), extractor_(extractor), options_(options), result_(result) {}

  void take(const LumaFrame& frame, double file_duration) {
    take_sample(frame, file_duration);
    result_.duration = std::max(result_.duration, frame.time + frame.duration);
  }

  void finish() {
    if (!segmenter_) return;
    for (Segment& segment : segmenter_->finish(result_.duration)) result_.segments.push_back(std::move(segment));
    segmenter_.reset();
  }

 private:
  void take_sample(const LumaFrame& frame, double file_duration) {
    if (result_.width == 0) {
      result_.width = frame.width;
      result_.height = frame.height;
    }
    const bool resized = frame.width != width_ || frame.height != height_;
    // Half a frame of slack, so that time stamps that are rounded do not lose every other frame.
    if (!resized && frame.time < next_time_ - frame.duration / 2.0) return;
    if (resized) resize(frame, file_duration);
    next_time_ = frame.time + 1.0 / options_.rate;

    grid_->average_down(frame.luma, frame.stride, cells_.data());
    std::vector<float> field(cells_.size());
    extractor_.field(cells_.data(), grid_->size(), field.data());
    segmenter_->add(std::move(field), frame.time, frame.duration);
    ++result_.frames;
  }

  void resize(const LumaFrame& frame, double file_duration) {
    steg::LumaGrid grid(frame.width, frame.height);
    if (!segmenter_ || grid.size() != grid_->size()) {
      finish();
      SegmenterOptions options;
      options.max_p_value = options_.max_p_value;
      options.issued = options_.issued;
      options.expected_windows = static_cast<std::size_t>(std::ceil(file_duration / options.window)) + 1;
      segmenter_.emplace(key_, grid.size(), std::move(options));
    }
    grid_.emplace(std::move(grid));
    cells_.resize(static_cast<std::size_t>(grid_->size().cells()));
    width_ = frame.width;
    height_ = frame.height;
  }

  const steg::Key& key_;
  steg::Extractor& extractor_;
  const TraceOptions& options_;
  FileTrace& result_;
  int width_ = 0;
  int height_ = 0;
  double next_time_ = 0.0;
  std::optional<steg::LumaGrid> grid_;
  std::vector<float> cells_;
  std::optional<Segmenter> segmenter_;
};

FileTrace unreadable(const std::string& file, const std::string& reason) {
  FileTrace result;
  result.file = file;
  result.error = reason;
  return result;
}

}  // namespace

FileTrace trace_file(const std::string& file, const steg::Key& key, steg::Extractor& extractor,
                     const TraceOptions& options) {
  FileTrace result;
  result.file = file;
  try {
    MediaReader media(file);
    FrameTaker taker(key, extractor, options, result);
    std::optional<double> duration;
    Album album;
    const auto take = [&](const LumaFrame& frame) {
      if (!duration) duration = media.duration();
      taker.take(frame, *duration);
      if (options.pictures && album.wants(frame.time)) album.add({frame.time, media.thumbnail()});
    };
    while (media.next(take)) {
    }
    taker.finish();
    for (Segment& segment : result.segments) segment.thumbnail = album.nearest(segment.from, segment.to);
    if (!media.damage().empty())
      result.warning = "Read up to " + std::to_string(result.duration) + " s only: " + media.damage();
  } catch (const MediaError& error) {
    result = unreadable(file, error.what());
  } catch (const steg::GridError& error) {
    result = unreadable(file, error.what());
  }
  return result;
}

}  // namespace trace
