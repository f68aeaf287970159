// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tracer.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>

#include "album.hpp"
#include "frame_keeper.hpp"
#include "locator.hpp"
#include "media_reader.hpp"
#include "plugins/steg/watermark/grid.hpp"

namespace trace {
namespace {

/// What makes the field of a frame: the whole picture of any size, or a place that was located.
class Source {
 public:
  virtual ~Source() = default;
  virtual steg::GridSize size() const = 0;
  virtual void extract(const LumaFrame& frame, steg::Extractor& extractor, float* field) = 0;
};

class WholePicture final : public Source {
 public:
  WholePicture(int width, int height) : grid_(width, height), cells_(static_cast<std::size_t>(grid_.size().cells())) {}
  steg::GridSize size() const override { return grid_.size(); }
  void extract(const LumaFrame& frame, steg::Extractor& extractor, float* field) override {
    grid_.average_down(frame.luma, frame.stride, cells_.data());
    extractor.field(cells_.data(), grid_.size(), field);
  }

 private:
  steg::LumaGrid grid_;
  std::vector<float> cells_;
};

class LocatedPicture final : public Source {
 public:
  explicit LocatedPicture(const Place& place) : placed_(place) {}
  steg::GridSize size() const override { return placed_.size(); }
  void extract(const LumaFrame& frame, steg::Extractor& extractor, float* field) override {
    placed_.extract({frame.luma, frame.stride, frame.width, frame.height}, extractor, field);
  }

 private:
  PlacedField placed_;
};

/// The frames of a file, from its grid to its segments.
class FrameTaker {
 public:
  /// `place`: where the picture is; null for the whole copy. `keeper`: gets every frame; may be null.
  FrameTaker(const steg::Key& key, steg::Extractor& extractor, const TraceOptions& options, const Place* place,
             FrameKeeper* keeper, FileTrace& result)
      : key_(key), extractor_(extractor), options_(options), place_(place), keeper_(keeper), result_(result) {}

  void take(const LumaFrame& frame, double file_duration) {
    if (keeper_) keeper_->add({frame.luma, frame.stride, frame.width, frame.height}, frame.time, frame.key);
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
    if (!source_) return;
    next_time_ = frame.time + 1.0 / options_.rate;

    std::vector<float> field(static_cast<std::size_t>(source_->size().cells()));
    source_->extract(frame, extractor_, field.data());
    segmenter_->add(std::move(field), frame.time, frame.duration);
    ++result_.frames;
  }

  void resize(const LumaFrame& frame, double file_duration) {
    width_ = frame.width;
    height_ = frame.height;
    std::unique_ptr<Source> source;
    if (!place_) {
      source = std::make_unique<WholePicture>(width_, height_);
    } else if (width_ == result_.width && height_ == result_.height) {
      source = std::make_unique<LocatedPicture>(*place_);
    }
    if (source && (!segmenter_ || !source_ || source->size() != source_->size())) {
      finish();
      SegmenterOptions options;
      options.max_p_value = options_.max_p_value;
      options.issued = options_.issued;
      options.expected_windows = static_cast<std::size_t>(std::ceil(file_duration / options.window)) + 1;
      if (place_) {
        options.positions = share_of_place(place_->number);
      } else if (options_.search) {
        options.positions = share_before_search();
      }
      segmenter_.emplace(key_, source->size(), options);
    }
    source_ = std::move(source);
  }

  const steg::Key& key_;
  steg::Extractor& extractor_;
  const TraceOptions& options_;
  const Place* place_;
  FrameKeeper* keeper_;
  FileTrace& result_;
  int width_ = 0;
  int height_ = 0;
  double next_time_ = 0.0;
  std::unique_ptr<Source> source_;
  std::optional<Segmenter> segmenter_;
};

FileTrace unreadable(const std::string& file, const std::string& reason) {
  FileTrace result;
  result.file = file;
  result.error = reason;
  return result;
}

/// Reads the whole file, as it is or at a place.
FileTrace read_file(const std::string& file, const steg::Key& key, steg::Extractor& extractor,
                    const TraceOptions& options, const Place* place, FrameKeeper* keeper) {
  FileTrace result;
  result.file = file;
  MediaReader media(file);
  FrameTaker taker(key, extractor, options, place, keeper, result);
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
  return result;
}

/// Says how and where the segments were found.
void describe(FileTrace& trace, const Place& place) {
  trace.found = {place.location.how, place.location.strength, place.number};
  const steg::GridSize grid = place.location.grid;
  const steg::sync::Quad corners = place.location.to_picture(steg::sync::rectangle(0, 0, grid.width, grid.height));
  for (Segment& segment : trace.segments) {
    for (std::size_t i = 0; i < corners.size(); ++i)
      segment.outline[i] = {corners[i].x / trace.width, corners[i].y / trace.height};
  }
}

}  // namespace

FileTrace trace_file(const std::string& file, const steg::Key& key, steg::Extractor& extractor,
                     const TraceOptions& options) {
  try {
    FrameKeeper keeper;
    FileTrace result = read_file(file, key, extractor, options, nullptr, options.search ? &keeper : nullptr);
    if (!result.segments.empty() || !options.search) return result;
    const LocatorOptions locator{options.max_p_value, options.issued, options.threads, options.progress};
    for (const Place& place : locate(key, extractor, keeper.moments(), locator)) {
      FileTrace located = read_file(file, key, extractor, options, &place, nullptr);
      if (located.segments.empty()) continue;
      describe(located, place);
      return located;
    }
    return result;
  } catch (const MediaError& error) {
    return unreadable(file, error.what());
  } catch (const steg::GridError& error) {
    return unreadable(file, error.what());
  }
}

}  // namespace trace
