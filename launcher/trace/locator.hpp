// Finds where a copy shows the marked picture, when it is not simply the whole of it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugins/common/crypto/key.hpp"
#include "plugins/steg/model/extractor.hpp"
#include "plugins/steg/watermark/day_clock.hpp"
#include "plugins/steg/watermark/issued_ids.hpp"
#include "plugins/steg/watermark/reading.hpp"
#include "plugins/steg/watermark/sync/search.hpp"

namespace trace {

struct LocatorOptions {
  double max_p_value = steg::kDefaultMaxPValue;
  const steg::IssuedIds* issued = nullptr;  ///< from the audit log; must outlive the call
  int threads = 1;
  std::function<void(double)> progress;  ///< 0 to 1; may be empty
  double share = 1.0;                    ///< by which p-values are multiplied besides, see Extractors
  steg::DayClock clock{};                ///< of the epochs
  bool to_the_end = false;               ///< on past places without doubt, since nothing was read there
};

/// Where the marked picture is in a copy.
struct Place {
  steg::sync::Location location;
  int number = 0;  ///< of the positions at which signatures were tried, this one is the number-th
  /// Of a filmed screen, in the picture that the location is about: other frames have it where they show this outline.
  std::optional<steg::sync::Quad> outline = {};
};

struct Located {
  std::vector<Place> places;  ///< at which all frames of the copy should be read, in this order
  bool ended_early = false;   ///< at a place that is certain, before an ID was proved: others were not looked for
};

/// The first place at which an ID is proved by `moments` alone, or the first whose pilots leave no doubt; or else the
/// place where the pilots are strongest, if they are strong enough, and the likeliest borders of a picture within the
/// picture. `overview`: more frames of the copy, of the same size, to tell such borders by.
Located locate(const steg::Key& key, steg::Extractor& extractor, std::vector<steg::sync::Moment> moments,
               const std::vector<steg::sync::LumaView>& overview, const LocatorOptions& options);

/// By how much the p-values of the whole copy read as it is must be multiplied if a search may follow.
double share_before_search();

/// By how much those of each of the two readings at a place must be: of the frames that the search looked at, and of
/// all frames. The inverse of these numbers, summed over all places there can be and both readings, and that of
/// share_before_search() add up to 1, so that the bound holds however many places are tried.
double share_of_place(int number);

/// Extracts the field of the grid at a place; 0 outside of the picture. One object per place and pass through the
/// frames.
class PlacedField {
 public:
  /// `planes`: that the extractor looks at.
  PlacedField(const Place& place, int planes);
  steg::GridSize size() const { return place_.location.grid; }
  steg::CellLayout layout() const { return {size(), planes_}; }
  /// Values that sample() writes: cells as layout() has them, and which of the grid's lie in the picture.
  std::size_t sampled() const { return layout().cells() + layout().plane_cells(); }
  /// `cells` gets sampled() values, for extract().
  void sample(const steg::sync::Planes& picture, float* cells);
  /// `field` gets size().cells() values. May be called from several threads at once.
  void extract(const float* cells, steg::Extractor& extractor, float* field) const;

 private:
  Place place_;
  int planes_;
  steg::sync::Projection to_picture_;
  std::vector<std::uint8_t> inside_;  ///< of the picture that was sampled last
};

}  // namespace trace
