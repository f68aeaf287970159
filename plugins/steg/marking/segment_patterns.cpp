// SPDX-License-Identifier: LGPL-2.1-or-later
#include "segment_patterns.hpp"

#include <utility>

#include "plugins/steg/watermark/segment_mark.hpp"

namespace steg {

SegmentPatterns::SegmentPatterns(const SegmentPlan& plan, std::shared_ptr<PatternMaker> maker, ChipFormat format)
    : plan_(plan), maker_(std::move(maker)), format_(format) {}

void SegmentPatterns::set_size(const PatternSize& size) {
  if (size_ == size) return;
  size_ = size;
  made_ = {};
}

std::shared_ptr<IdPatterns> SegmentPatterns::at(std::uint32_t position) {
  for (const Made& made : made_)
    if (made.patterns && made.position == position) return made.patterns;
  made_[1] = std::move(made_[0]);
  const std::string payload = payload_of({position, plan_.variant});
  made_[0] = {position, std::make_shared<IdPatterns>(maker_, payload, size_.value())};
  return made_[0].patterns;
}

int SegmentPatterns::epoch(std::uint32_t position) const {
  return static_cast<int>(position % static_cast<std::uint32_t>(epochs_of(format_)));
}

}  // namespace steg
