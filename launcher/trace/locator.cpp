// SPDX-License-Identifier: LGPL-2.1-or-later
#include "locator.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "plugins/steg/reading/day_tracker.hpp"
#include "plugins/steg/reading/epoch_tracker.hpp"
#include "plugins/steg/reading/segment_reader.hpp"
#include "plugins/steg/watermark/sync/picture_area.hpp"
#include "plugins/steg/watermark/sync/screen_outline.hpp"

namespace trace {
namespace {

// A place with weaker pilots has no chance with more frames either.
constexpr double kWorthAllFrames = 6.5;
// By chance pilots come to 8 at most; of an A/B stream, or of a weak mark, they stand out long before a few moments
// prove anything, and what they are too few for, all frames may show.
constexpr double kCertain = 10;
// Of a picture within the copy, the likeliest borders are known without any pilot.
constexpr std::size_t kMostAreas = 2;

steg::sync::Location whole_of(const steg::sync::Area& area) {
  steg::sync::Location location;
  location.grid = steg::grid_size(static_cast<int>(area.width), static_cast<int>(area.height));
  location.to_picture = area.tilt * steg::sync::Projection::affine(area.width / location.grid.width, 0, area.left, 0,
                                                                   area.height / location.grid.height, area.top);
  location.how = "picture within the picture";
  return location;
}

/// The tick of that phase, after one that is as much as its phase, nearest to a time after that, seconds, if the copy
/// has the speed at which it was marked.
steg::Tick tick_at(int phase, int first_phase, double time, steg::ChipFormat format, const steg::DayClock& clock) {
  if (format == steg::ChipFormat::legacy) return {0, phase};
  const double expected = first_phase + time / clock.period();
  const int number = phase + steg::kEpochs * static_cast<int>(std::lround((expected - phase) / steg::kEpochs));
  return {0, (number + steg::kDayEpochs) % steg::kDayEpochs};
}

/// Of an A/B stream each moment may have another segment, so that they are not one ID's.
bool shows_segments(const steg::Reader& reader, const steg::FieldSum& sum, double max_p_value, double tries) {
  steg::SegmentReader segments(reader);
  for (const auto& [epoch, field] : sum.fields()) segments.add(field.data(), epoch, 0, 0);
  return steg::log10_p_value(segments.finish().signature, tries) <= std::log10(max_p_value);
}

}  // namespace

double share_before_search() { return 2.0; }

double share_of_place(int number) {
  // The sum of 1 / (n (n + 1)) over n = 1, 2, ... is 1; half of the significance is for the search, in two readings.
  return 4.0 * number * (number + 1.0);
}

PlacedField::PlacedField(const Place& place, int planes)
    : place_(place),
      planes_(planes),
      to_picture_(place.location.to_picture),
      inside_(static_cast<std::size_t>(place.location.grid.cells())) {}

void PlacedField::sample(const steg::sync::Planes& picture, float* cells) {
  if (place_.outline) {
    // A frame whose outline is not seen has the place of the one before.
    const auto outline = steg::sync::screen_outline(picture.luma);
    const auto motion = outline ? steg::sync::Projection::between(*place_.outline, *outline) : std::nullopt;
    if (motion) to_picture_ = *motion * place_.location.to_picture;
  }
  steg::sync::sample_planes(picture, to_picture_, layout(), cells, inside_.data());
  std::copy(inside_.begin(), inside_.end(), cells + layout().cells());
}

void PlacedField::extract(const float* cells, steg::Extractor& extractor, float* field) const {
  extractor.field_on_one_thread(cells, size(), field);
  const float* inside = cells + layout().cells();
  for (std::size_t i = 0; i < layout().plane_cells(); ++i) {
    if (inside[i] == 0.0F) field[i] = 0.0F;
  }
}

Located locate(const steg::Key& key, steg::Extractor& extractor, std::vector<steg::sync::Moment> moments,
               const std::vector<steg::sync::LumaView>& overview, const LocatorOptions& options) {
  if (moments.empty()) return {};
  std::vector<steg::sync::Area> areas = steg::sync::picture_areas(overview);
  const std::optional<steg::sync::Quad> outline = steg::sync::follow_outline(moments);
  if (outline) areas.insert(areas.begin(), steg::sync::area_within(*outline));
  const steg::ChipFormat format = extractor.chip_format();
  const steg::sync::ChipMap chips(key, format);
  const int planes = extractor.contract().planes;
  const auto extract = [&extractor](const float* cells, steg::GridSize size, float* field) {
    extractor.field_on_one_thread(cells, size, field);
  };
  steg::sync::Search search(chips, extract, moments, areas, {options.threads, options.progress, planes});
  std::optional<Place> strongest;
  int number = 0;
  bool certain = false;
  const auto ends_search = [&](const steg::sync::Location& location) {
    ++number;
    const Place place{location, number, outline};
    PlacedField placed(place, planes);
    const steg::Reader reader(key, placed.size(), format);
    steg::TickSums ticks(placed.size(), format);
    double time = 0;
    std::optional<int> first_phase;
    // Of each moment apart: its frames share an epoch. Those of other moments follow from the time between.
    const double first_time = moments.front().front().time;
    steg::EpochTracker tracker(reader, [&](const std::vector<float>& field, int phase) {
      if (!first_phase) first_phase = phase;
      ticks.add(field.data(), tick_at(phase, *first_phase, time - first_time, format, options.clock));
    });
    std::vector<float> cells(placed.sampled());
    for (const steg::sync::Moment& moment : moments) {
      time = moment.front().time;
      for (const steg::sync::Picture& picture : moment) {
        placed.sample(picture.planes(), cells.data());
        std::vector<float> field(placed.layout().plane_cells());
        placed.extract(cells.data(), extractor, field.data());
        tracker.add(std::move(field));
      }
      tracker.flush();
      tracker.reset();
    }
    const steg::FieldSum sum = steg::DayTracker(reader, options.clock).resolve(ticks, first_time, time);
    steg::ReadOptions read;
    read.hypotheses = options.share * share_of_place(number) * (options.issued ? 2.0 : 1.0);
    read.max_p_value = options.max_p_value;
    const bool proved = reader.read(sum, options.issued, read).has_value() ||
                        shows_segments(reader, sum, read.max_p_value, options.share * share_of_place(number));
    if (proved || !strongest || location.strength > strongest->location.strength) strongest = place;
    certain = !proved && !options.to_the_end && location.strength >= kCertain;
    return proved || certain;
  };
  if (search.run(ends_search)) return {{*strongest}, certain};
  std::vector<Place> places;
  if (strongest && strongest->location.strength >= kWorthAllFrames) places.push_back(*strongest);
  for (std::size_t i = 0; i < std::min(areas.size(), kMostAreas); ++i)
    places.push_back({whole_of(areas[i]), ++number, outline});
  return {places, false};
}

}  // namespace trace
