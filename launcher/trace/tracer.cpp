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
#include "plugins/steg/watermark/picture_grid.hpp"
#include "skimmer.hpp"

namespace trace {
namespace {

/// The planes of a frame that such an extractor looks at.
steg::sync::Planes planes_of(const steg::PictureView& picture, int planes) {
  const steg::PictureShape& shape = picture.shape;
  const steg::sync::LumaView luma{picture.luma.data, picture.luma.stride, shape.width, shape.height};
  if (planes == steg::kLumaOnly || !shape.has_chroma()) return {luma};
  return {luma,
          {picture.cb.data, picture.cb.stride, shape.chroma_width, shape.chroma_height},
          {picture.cr.data, picture.cr.stride, shape.chroma_width, shape.chroma_height}};
}

/// What makes the cells of a frame, and its field: the whole picture of any size, or a place that was located.
class Source {
 public:
  virtual ~Source() = default;
  virtual steg::CellLayout layout() const = 0;
  virtual void sample(const steg::PictureView& picture, float* cells) = 0;
  virtual void extract(const float* cells, steg::Extractor& extractor, float* field) const = 0;
};

class WholePicture final : public Source {
 public:
  WholePicture(const steg::PictureShape& shape, int planes) : grid_(shape, planes) {}
  steg::CellLayout layout() const override { return grid_.layout(); }
  void sample(const steg::PictureView& picture, float* cells) override { grid_.average_down(picture, cells); }
  void extract(const float* cells, steg::Extractor& extractor, float* field) const override {
    extractor.field(cells, grid_.size(), field);
  }

 private:
  steg::PictureGrid grid_;
};

class LocatedPicture final : public Source {
 public:
  LocatedPicture(const Place& place, int planes) : placed_(place, planes) {}
  steg::CellLayout layout() const override { return placed_.layout(); }
  void sample(const steg::PictureView& picture, float* cells) override {
    placed_.sample(planes_of(picture, placed_.layout().planes), cells);
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
        planes_(extractor.contract().planes),
        options_(options),
        mode_(mode),
        place_(place),
        keeper_(keeper),
        pass_(pass),
        result_(pass.trace),
        sampler_(options.rate) {}

  /// All of `films` video tracks may be read.
  void take(const MediaFrame& frame, double file_duration, int films) {
    result_.films = films;
    if (keeper_) keeper_->add(planes_of(frame.picture, planes_), frame.time, frame.key);
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
  void take_sample(const MediaFrame& frame, double file_duration) {
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
    std::vector<float> cells(source_->layout().cells());
    source_->sample(frame.picture, cells.data());
    skimmer_->add(std::move(cells), frame.time, frame.duration);
  }

  void resize(const steg::PictureShape& shape, double file_duration) {
    shape_ = shape;
    std::unique_ptr<Source> source;
    if (!place_) {
      source = std::make_unique<WholePicture>(shape, planes_);
    } else if (shape.width == result_.width && shape.height == result_.height) {
      source = std::make_unique<LocatedPicture>(*place_, planes_);
    }
    if (source && (!segmenter_ || !source_ || source->layout().grid != source_->layout().grid)) {
      finish();
      SegmenterOptions options;
      options.max_p_value = options_.max_p_value;
      options.issued = options_.issued;
      options.format = extractor_.chip_format();
      options.clock = options_.clock;
      options.expected_windows = static_cast<std::size_t>(std::ceil(file_duration / options.window)) + 1;
      options.positions = options_.share * std::max(1, result_.films);
      if (place_) {
        options.positions *= share_of_place(place_->number);
      } else if (options_.search) {
        options.positions *= share_before_search();
      }
      segmenter_.emplace(key_, source->layout().grid, options);
      skimmer_.emplace(
          segmenter_->reader(), mode_,
          [this](const float* cells, float* field) { source_->extract(cells, extractor_, field); },
          [this](std::vector<float> field, double time, double duration) {
            segmenter_->add(std::move(field), time, duration);
            ++result_.frames;
          },
          options_.clock);
    }
    source_ = std::move(source);
  }

  const steg::Key& key_;
  steg::Extractor& extractor_;
  int planes_;
  const TraceOptions& options_;
  Skimmer::Mode mode_;
  const Place* place_;
  FrameKeeper* keeper_;
  Pass& pass_;
  FileTrace& result_;
  FrameSampler sampler_;
  steg::PictureShape shape_;
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
  MediaReader media(file, options.max_pixels, options.film);
  FrameTaker taker(key, extractor, options, options.thorough ? Skimmer::Mode::all : mode, place, keeper, pass);
  std::optional<double> duration;
  Album album;
  const auto take = [&](const MediaFrame& frame) {
    if (!duration) duration = media.duration();
    taker.take(frame, *duration, media.films());
    if (options.pictures && album.wants(frame.time)) album.add({frame.time, media.thumbnail()});
  };
  while (media.next(take)) {
    const bool steady = taker.steady();
    if (media.left_out() && !steady) return std::nullopt;
    if (briefly) media.leave_out_until(steady ? *duration : 0.0);
  }
  taker.finish();
  for (Segment& segment : result.segments) segment.thumbnail = album.nearest(segment.from, segment.to);
  if (const int others = media.other_tracks(); others > 0)
    result.warning =
        others == 1 ? "It has another picture track, such as a cover, which was not read."
                    : "It has " + std::to_string(others) + " more picture tracks, such as covers, which were not read.";
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

/// Reads one file with one network generation.
class Attempt {
 public:
  /// The references must outlive this.
  Attempt(const std::string& file, const steg::Key& key, steg::Extractor& extractor, const TraceOptions& options)
      : file_(file), key_(key), extractor_(extractor), options_(options) {}

  /// The whole copy as it is. `keeper`: see search(); may be null. If frames were passed over there are no segments
  /// yet: see read_rest().
  FileTrace read_whole(FrameKeeper* keeper) {
    if (!options_.search) return read_all().trace;
    Pass whole = read(nullptr, keeper);
    films_ = std::max(1, whole.trace.films);
    passed_over_ = whole.passed_over;
    if (passed_over_) whole.trace.segments.clear();
    return std::move(whole.trace);
  }

  /// Where the copy shows the picture, by the frames that read_whole() kept; without segments if that is not found.
  FileTrace search(const FrameKeeper& keeper) {
    const LocatorOptions locator{options_.max_p_value, options_.issued,         options_.threads,
                                 options_.progress,    options_.share * films_, options_.clock};
    for (const Place& place : locate(key_, extractor_, keeper.moments(), keeper.overview(), locator)) {
      FileTrace located = read(&place, nullptr).trace;
      if (located.segments.empty()) continue;
      describe(located, place);
      return located;
    }
    return {};
  }

  bool has_rest() const { return passed_over_; }
  /// The whole copy again, with the frames that read_whole() has passed over.
  FileTrace read_rest() { return read_all().trace; }

 private:
  Pass pass(Skimmer::Mode mode, const Place* place, FrameKeeper* keeper) {
    return read_file(file_, key_, extractor_, options_, mode, place, keeper);
  }
  Pass read_all() { return pass(Skimmer::Mode::certain, nullptr, nullptr); }
  /// What is done with a place is decided by its pilots alone, so that it is read once, whatever comes out.
  Pass read(const Place* place, FrameKeeper* keeper) {
    Pass read = pass(Skimmer::Mode::promising, place, keeper);
    return read.pilots && read.passed_over ? pass(Skimmer::Mode::certain, place, nullptr) : std::move(read);
  }

  const std::string& file_;
  const steg::Key& key_;
  steg::Extractor& extractor_;
  TraceOptions options_;
  int films_ = 1;
  bool passed_over_ = false;
};

/// The first trace with segments that one of the generations gives; nothing if none does.
template <typename Try>
std::optional<FileTrace> first_found(Extractors& extractors, Try attempt) {
  for (std::size_t generation = 0; generation < extractors.count(); ++generation) {
    FileTrace trace = attempt(generation);
    if (trace.segments.empty()) continue;
    if (generation > 0) trace.earlier = Network{extractors.path(generation), extractors.at(generation).fingerprint()};
    return trace;
  }
  return std::nullopt;
}

/// Reads one video track.
FileTrace trace_film(const std::string& file, const steg::Key& key, Extractors& extractors,
                     const TraceOptions& options) {
  try {
    FrameKeeper keeper;
    std::vector<Attempt> attempts;
    FileTrace nothing;
    const auto read_whole = [&](std::size_t generation) {
      TraceOptions shared = options;
      shared.share = extractors.share(generation);
      attempts.emplace_back(file, key, extractors.at(generation), shared);
      // One keeper serves all: the newest network looks at the most planes.
      FileTrace whole = attempts.back().read_whole(generation == 0 ? &keeper : nullptr);
      if (generation == 0) nothing = whole;
      return whole;
    };
    if (auto found = first_found(extractors, read_whole)) return *found;
    if (!options.search) return nothing;
    const auto search = [&](std::size_t generation) { return attempts[generation].search(keeper); };
    if (auto found = first_found(extractors, search)) return *found;
    const auto read_rest = [&](std::size_t generation) {
      if (!attempts[generation].has_rest()) return FileTrace();
      FileTrace rest = attempts[generation].read_rest();
      if (generation == 0) nothing = rest;
      return rest;
    };
    if (auto found = first_found(extractors, read_rest)) return *found;
    return nothing;
  } catch (const MediaError& error) {
    return unreadable(file, error.what());
  } catch (const steg::GridError& error) {
    return unreadable(file, error.what());
  }
}

}  // namespace

FileTrace trace_file(const std::string& file, const steg::Key& key, Extractors& extractors,
                     const TraceOptions& options) {
  FileTrace first = trace_film(file, key, extractors, options);
  if (first.films < 2 || !first.segments.empty()) return first;
  const std::string tracks = std::to_string(first.films) + " video tracks";
  TraceOptions other = options;
  for (other.film = 1; other.film < first.films; ++other.film) {
    FileTrace trace = trace_film(file, key, extractors, other);
    if (trace.segments.empty()) continue;
    trace.warning = "The ID is in number " + std::to_string(other.film + 1) + " of its " + tracks + ".";
    return trace;
  }
  first.warning = "All of its " + tracks + " were read.";
  return first;
}

}  // namespace trace
