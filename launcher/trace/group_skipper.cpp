// SPDX-License-Identifier: LGPL-2.1-or-later
#include "group_skipper.hpp"

#include <algorithm>

#include "golden_places.hpp"

namespace trace {
namespace {

constexpr double kShareDecoded = 0.25;  // of the groups

}  // namespace

bool GroupSkipper::needed(bool key, double time) {
  if (key) begin_group(time);
  if (key || !only_key_) return true;
  left_out_ = true;
  return false;
}

void GroupSkipper::begin_group(double time) {
  if (groups_ > 0) longest_ = std::max(longest_, time - begun_);
  ++groups_;
  begun_ = time;
  only_key_ = groups_ > 1 && time + kLongest < until_ && longest_ <= kLongest && golden_place(groups_) >= kShareDecoded;
}

}  // namespace trace
