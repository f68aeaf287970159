// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tracer.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "album.hpp"
#include "frame_keeper.hpp"
#include "frame_taker.hpp"
#include "locator.hpp"
#include "media_reader.hpp"
#include "plan.hpp"

namespace trace {
namespace {

/// Says how and where the segments were found.
void say_where(FileTrace& trace, const Place& place) {
  trace.found = {place.location.how, place.location.strength, place.number};
  const steg::GridSize grid = place.location.grid;
  const steg::sync::Quad corners = place.location.to_picture(steg::sync::rectangle(0, 0, grid.width, grid.height));
  for (Segment& segment : trace.segments) {
    for (std::size_t i = 0; i < corners.size(); ++i)
      segment.outline[i] = {corners[i].x / trace.width, corners[i].y / trace.height};
  }
}

std::string warning_of(const FrameReader& media, double duration) {
  if (!media.damage().empty()) return "Read up to " + std::to_string(duration) + " s only: " + media.damage();
  const int others = media.other_tracks();
  if (others < 1) return {};
  if (others == 1) return "It has another picture track, such as a cover, which was not read.";
  return "It has " + std::to_string(others) + " more picture tracks, such as covers, which were not read.";
}

/// One copy on its way through the plan.
class Tracing {
 public:
  /// The references must outlive this.
  Tracing(const std::string& file, const OpenFrames& open, const steg::Key& key, Extractors& extractors,
          const TraceOptions& options)
      : file_(file),
        open_(open),
        key_(key),
        extractors_(extractors),
        options_(options),
        plan_(extractors.count(), options.search, options.thorough) {}

  FileTrace run() {
    while (plan_.step().kind != Step::Kind::end) {
      try {
        report();
        if (plan_.step().kind == Step::Kind::locate)
          locate_places();
        else
          take(read());
      } catch (const MediaError& error) {
        fail(error.what());
      } catch (const steg::GridError& error) {
        fail(error.what());
      }
    }
    if (!found_ && nothing_.films > 1) nothing_.warning = "All of its " + tracks() + " were read.";
    return found_ ? std::move(*found_) : std::move(nothing_);
  }

 private:
  struct Pass {
    FileTrace trace;
    Shown shown;
  };

  void report() const {
    if (!options_.report) return;
    const bool reads = plan_.step().kind == Step::Kind::read;
    options_.report((reads ? "reading " + std::to_string(plan_.openings()) + ": " : "") + describe(plan_.step()));
  }

  const Place* place() const {
    const int place = plan_.step().place;
    return place == Step::kWhole ? nullptr : &places_[static_cast<std::size_t>(place)];
  }

  /// Reads the frames once, as the step says.
  Pass read() {
    const Step& step = plan_.step();
    steg::Extractor& extractor = extractors_.at(step.generation);
    const std::unique_ptr<FrameReader> frames = open_(step.film);
    FrameReader& media = *frames;
    FrameTaker taker(key_, extractor, options_, step.mode, place(), extractors_.share(step.generation));
    std::optional<double> duration;
    Album album;
    const FrameKeeper* chosen = media.chosen();
    if (step.keep) keeper_ = chosen ? *chosen : FrameKeeper();
    const auto use = [&](const MediaFrame& frame) {
      if (!duration) duration = media.duration();
      if (step.keep && !chosen)
        keeper_.add(planes_of(frame.picture, extractor.contract().planes), frame.time, frame.key);
      taker.take(frame, *duration, media.films());
      if (options_.pictures && album.wants(frame.time)) album.add({frame.time, media.thumbnail()});
    };
    Pass pass;
    while (media.next(use)) {
      const bool steady = taker.steady();
      if (media.left_out() && !steady) {
        pass.shown.films = media.films();
        pass.shown.changed = true;
        return pass;
      }
      if (step.briefly) media.leave_out_until(steady ? *duration : 0.0);
    }
    pass.trace = taker.finish();
    pass.trace.file = file_;
    pass.trace.warning = warning_of(media, pass.trace.duration);
    for (Segment& segment : pass.trace.segments) segment.thumbnail = album.nearest(segment.from, segment.to);
    pass.shown = {pass.trace.films, false, pass.trace.has_mark(), taker.passed_over(), taker.pilots()};
    return pass;
  }

  /// What a pass has come to.
  void take(Pass pass) {
    const Step step = plan_.step();
    const Place* const where = place();
    if (!plan_.shown(pass.shown)) {
      pass.trace.segments.clear();
      pass.trace.ab.reset();
      // What is said of a file where nothing is found.
      if (!pass.shown.changed && step.film == 0 && step.generation == 0 && !where) nothing_ = std::move(pass.trace);
      return;
    }
    if (where) say_where(pass.trace, *where);
    if (step.generation > 0)
      pass.trace.earlier = Network{extractors_.path(step.generation), extractors_.at(step.generation).fingerprint()};
    if (step.film > 0)
      pass.trace.warning = "The ID is in number " + std::to_string(step.film + 1) + " of its " + tracks() + ".";
    found_ = std::move(pass.trace);
  }

  void locate_places() {
    const std::size_t generation = plan_.step().generation;
    const LocatorOptions locator{options_.max_p_value,
                                 options_.issued,
                                 options_.threads,
                                 options_.progress,
                                 extractors_.share(generation) * std::max(1, nothing_.films),
                                 options_.clock,
                                 plan_.step().to_the_end};
    Located located = locate(key_, extractors_.at(generation), keeper_.moments(), keeper_.overview(), locator);
    if (locator.to_the_end) {
      // Not once more where nothing was read.
      const auto is_read = [&](const Place& place) { return place.number == places_.front().number; };
      auto& places = located.places;
      places.erase(std::remove_if(places.begin(), places.end(), is_read), places.end());
    }
    places_ = std::move(located.places);
    plan_.located(static_cast<int>(places_.size()), located.ended_early);
  }

  void fail(const std::string& reason) {
    if (plan_.step().film == 0) {
      nothing_ = FileTrace();
      nothing_.file = file_;
      nothing_.error = reason;
    }
    plan_.failed();
  }

  std::string tracks() const { return std::to_string(nothing_.films) + " video tracks"; }

  const std::string& file_;
  const OpenFrames& open_;
  const steg::Key& key_;
  Extractors& extractors_;
  const TraceOptions& options_;
  Plan plan_;
  FrameKeeper keeper_;  ///< of the first pass through the present video track
  std::vector<Place> places_;
  FileTrace nothing_;  ///< the answer if nothing is found
  std::optional<FileTrace> found_;
};

}  // namespace

FileTrace trace_file(const std::string& file, const steg::Key& key, Extractors& extractors,
                     const TraceOptions& options) {
  const auto open = [&](int film) { return std::make_unique<MediaReader>(file, options.max_pixels, film); };
  return trace_frames(file, open, key, extractors, options);
}

FileTrace trace_frames(const std::string& name, const OpenFrames& open, const steg::Key& key, Extractors& extractors,
                       const TraceOptions& options) {
  return Tracing(name, open, key, extractors, options).run();
}

}  // namespace trace
