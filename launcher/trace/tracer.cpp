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
#include "skimmer.hpp"

namespace trace {
namespace {

/// What makes the grid of a frame, and its field: the whole picture of any size, or a place that was located.
class Source {
 public:
  virtual ~Source() = default;
  virtual steg::GridSize size() const = 0;
  virtual void sample(const LumaFrame& frame, float* cells) = 0;
  virtual void extract(const float* cells, steg::Extractor& extractor, float* field) const = 0;
};

class WholePicture final : public Source {
 public:
  WholePicture(int width, int height) : grid_(width, height) {}
  steg::GridSize size() const override { return grid_.size(); }
  void sample(const LumaFrame& frame, float* cells) override { grid_.average_down(frame.luma, frame.stride, cells); }
  void extract(const float* cells, steg::Extractor& extractor, float* field) const override {
    extractor.field(cells, grid_.size(), field);
  }

 private:
  steg::LumaGrid grid_;
};

class LocatedPicture final : public Source {
 public:
  explicit LocatedPicture(const Place& place) : placed_(place) {}
  steg::GridSize size() const override { return placed_.size(); }
  void sample(const LumaFrame& frame, float* cells) override {
    placed_.sample({frame.luma, frame.stride, frame.width, frame.height}, cells);
  }
  void extract(const float* cells, steg::Extractor& extractor, float* field) const override {
    placed_.extract(cells, extractor, field);
  }

 private:
  PlacedField placed_;
};

/// What came of reading a file once.
struct Pass {
  FileTrace trace;
  bool passed_over = false;  ///< see Skimmer
  bool pilots = false;
};

/// The frames of a file, from its grid to its segments.
class FrameTaker {
 public:
  /// `place`: where the picture is; null for the whole copy. `keeper`: gets every frame; may be null.
  FrameTaker(const steg::Key& key, steg::Extractor& extractor, const TraceOptions& options, Skimmer::Mode mode,
             const Place* place, FrameKeeper* keeper, Pass& pass)
      : key_(key),
        extractor_(extractor),
        options_(options),
        mode_(mode),
        place_(place),
        keeper_(keeper),
        pass_(pass),
        result_(pass.trace),
        sampler_(options.rate) {}

  void take(const LumaFrame& frame, double file_duration) {
    if (keeper_) keeper_->add({frame.luma, frame.stride, frame.width, frame.height}, frame.time, frame.key);
    take_sample(frame, file_duration);
    result_.duration = std::max(result_.duration, frame.time + frame.duration);
  }

  /// See Skimmer; not so where the picture just changed its size.
  bool steady() const { return skimmer_ && skimmer_->steady(); }

  void finish() {
    if (!segmenter_) return;
    skimmer_->finish();
    pass_.passed_over = pass_.passed_over || skimmer_->passed_over();
    pass_.pilots = pass_.pilots || skimmer_->has_pilots();
    skimmer_.reset();
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
    const bool taken = sampler_.takes(frame.time, frame.duration);
    if (!resized && !taken) return;
    if (resized) resize(frame, file_duration);
    if (!source_) return;
    std::vector<float> cells(static_cast<std::size_t>(source_->size().cells()));
    source_->sample(frame, cells.data());
    skimmer_->add(std::move(cells), frame.time, frame.duration);
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
      skimmer_.emplace(
          segmenter_->reader(), mode_,
          [this](const float* cells, float* field) { source_->extract(cells, extractor_, field); },
          [this](std::vector<float> field, double time, double duration) {
            segmenter_->add(std::move(field), time, duration);
            ++result_.frames;
          });
    }
    source_ = std::move(source);
  }

  const steg::Key& key_;
  steg::Extractor& extractor_;
  const TraceOptions& options_;
  Skimmer::Mode mode_;
  const Place* place_;
  FrameKeeper* keeper_;
  Pass& pass_;
  FileTrace& result_;
  FrameSampler sampler_;
  int width_ = 0;
  int height_ = 0;
  std::unique_ptr<Source> source_;
  std::optional<Segmenter> segmenter_;
  std::optional<Skimmer> skimmer_;  ///< there is one whenever there is a segmenter
};

FileTrace unreadable(const std::string& file, const std::string& reason) {
  FileTrace result;
  result.file = file;
  result.error = reason;
  return result;
}

/// Reads the whole file, as it is or at a place. If `briefly`, frames are left out where one ID is steady; nothing is
/// returned if the ID was not the same after that.
std::optional<Pass> read_file(const std::string& file, const steg::Key& key, steg::Extractor& extractor,
                              const TraceOptions& options, Skimmer::Mode mode, const Place* place, FrameKeeper* keeper,
                              bool briefly) {
  Pass pass;
  FileTrace& result = pass.trace;
  result.file = file;
  MediaReader media(file, options.max_pixels);
  FrameTaker taker(key, extractor, options, options.thorough ? Skimmer::Mode::all : mode, place, keeper, pass);
  std::optional<double> duration;
  Album album;
  const auto take = [&](const LumaFrame& frame) {
    if (!duration) duration = media.duration();
    taker.take(frame, *duration);
    if (options.pictures && album.wants(frame.time)) album.add({frame.time, media.thumbnail()});
  };
  while (media.next(take)) {
    const bool steady = taker.steady();
    if (media.left_out() && !steady) return std::nullopt;
    if (briefly) media.leave_out_until(steady ? *duration : 0.0);
  }
  taker.finish();
  for (Segment& segment : result.segments) segment.thumbnail = album.nearest(segment.from, segment.to);
  if (!media.damage().empty())
    result.warning = "Read up to " + std::to_string(result.duration) + " s only: " + media.damage();
  return pass;
}

/// The same, briefly where that is enough.
Pass read_file(const std::string& file, const steg::Key& key, steg::Extractor& extractor, const TraceOptions& options,
               Skimmer::Mode mode, const Place* place, FrameKeeper* keeper) {
  if (auto pass = read_file(file, key, extractor, options, mode, place, keeper, true)) return std::move(*pass);
  if (keeper) *keeper = FrameKeeper();
  return *read_file(file, key, extractor, options, mode, place, keeper, false);
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
    const auto read_all = [&](const Place* place) {
      return read_file(file, key, extractor, options, Skimmer::Mode::certain, place, nullptr);
    };
    // What is done with a place is decided by its pilots alone, so that it is read once, whatever comes out.
    const auto read = [&](const Place* place, FrameKeeper* frames) {
      Pass pass = read_file(file, key, extractor, options, Skimmer::Mode::promising, place, frames);
      return pass.pilots && pass.passed_over ? read_all(place) : pass;
    };
    if (!options.search) return read_all(nullptr).trace;
    Pass whole = read(nullptr, &keeper);
    if (!whole.passed_over && !whole.trace.segments.empty()) return whole.trace;
    const LocatorOptions locator{options.max_p_value, options.issued, options.threads, options.progress};
    for (const Place& place : locate(key, extractor, keeper.moments(), keeper.overview(), locator)) {
      FileTrace located = read(&place, nullptr).trace;
      if (located.segments.empty()) continue;
      describe(located, place);
      return located;
    }
    return whole.passed_over ? read_all(nullptr).trace : whole.trace;
  } catch (const MediaError& error) {
    return unreadable(file, error.what());
  } catch (const steg::GridError& error) {
    return unreadable(file, error.what());
  }
}

}  // namespace trace
