// SPDX-License-Identifier: LGPL-2.1-or-later
#include "locator.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "plugins/steg/watermark/sync/picture_area.hpp"

namespace trace {
namespace {

// A place with weaker pilots has no chance with more frames either.
constexpr double kWorthAllFrames = 6.5;
// Of a picture within the copy, the likeliest borders are known without any pilot.
constexpr std::size_t kMostAreas = 2;

steg::sync::Location whole_of(const steg::sync::Area& area) {
  steg::sync::Location location;
  location.grid = steg::grid_size(static_cast<int>(area.width), static_cast<int>(area.height));
  location.to_picture = steg::sync::Projection::affine(area.width / location.grid.width, 0, area.left, 0,
                                                       area.height / location.grid.height, area.top);
  location.how = "picture within the picture";
  return location;
}

}  // namespace

double share_before_search() { return 2.0; }

double share_of_place(int number) {
  // The sum of 1 / (n (n + 1)) over n = 1, 2, ... is 1; half of the significance is for the search, in two readings.
  return 4.0 * number * (number + 1.0);
}

PlacedField::PlacedField(const steg::sync::Location& location)
    : location_(location),
      cells_(static_cast<std::size_t>(location.grid.cells())),
      inside_(static_cast<std::size_t>(location.grid.cells())) {}

void PlacedField::extract(const steg::sync::LumaView& picture, steg::Extractor& extractor, float* field) {
  steg::sync::sample_picture(picture, location_.to_picture, location_.grid, cells_.data(), inside_.data());
  extractor.field(cells_.data(), location_.grid, field);
  for (std::size_t i = 0; i < inside_.size(); ++i) {
    if (inside_[i] == 0) field[i] = 0.0F;
  }
}

std::vector<Place> locate(const steg::Key& key, steg::Extractor& extractor,
                          const std::vector<steg::sync::Moment>& moments, const LocatorOptions& options) {
  if (moments.empty()) return {};
  const std::vector<steg::sync::Area> areas = steg::sync::picture_areas(moments);
  const steg::sync::ChipMap chips(key);
  const auto extract = [&extractor](const float* cells, steg::GridSize size, float* field) {
    extractor.field_on_one_thread(cells, size, field);
  };
  steg::sync::Search search(chips, extract, moments, areas, {options.threads, options.progress});
  std::optional<Place> strongest;
  int number = 0;
  const auto is_proved = [&](const steg::sync::Location& location) {
    ++number;
    PlacedField placed(location);
    const steg::Reader reader(key, placed.size());
    steg::FieldSum sum(placed.size());
    std::vector<float> field(static_cast<std::size_t>(placed.size().cells()));
    for (const steg::sync::Moment& moment : moments) {
      for (const steg::sync::Picture& picture : moment) {
        placed.extract(picture.view(), extractor, field.data());
        sum.add(field.data(), reader.likeliest_epoch(field.data()));
      }
    }
    steg::ReadOptions read;
    read.hypotheses = share_of_place(number) * (options.issued ? 2.0 : 1.0);
    std::vector<steg::Reading> readings = reader.candidates(sum, read);
    if (options.issued) {
      for (steg::Reading& reading : reader.candidates_among(sum, *options.issued, read))
        readings.push_back(std::move(reading));
    }
    const bool proved = std::any_of(readings.begin(), readings.end(), [&options](const steg::Reading& reading) {
      return reading.log10_p <= std::log10(options.max_p_value);
    });
    if (proved || !strongest || location.strength > strongest->location.strength) strongest = {location, number};
    return proved;
  };
  if (search.run(is_proved)) return {*strongest};
  std::vector<Place> places;
  if (strongest && strongest->location.strength >= kWorthAllFrames) places.push_back(*strongest);
  for (std::size_t i = 0; i < std::min(areas.size(), kMostAreas); ++i) places.push_back({whole_of(areas[i]), ++number});
  return places;
}

}  // namespace trace
