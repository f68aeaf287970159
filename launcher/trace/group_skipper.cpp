// SPDX-License-Identifier: LGPL-2.1-or-later
#include "group_skipper.hpp"

#include <algorithm>

#include "golden_places.hpp"

namespace trace {
namespace {

constexpr double kShareDecoded = 0.25;  // of the groups

}  // namespace

bool GroupSkipper::needed(CodedFrame kind, double time) {
  if (kind == CodedFrame::key) begin_group(time);
  if (kind == CodedFrame::key || skips_ == Skips::nothing) return true;
  if (skips_ == Skips::disposable && kind != CodedFrame::disposable) return true;
  left_out_ = true;
  return false;
}

void GroupSkipper::begin_group(double time) {
  if (groups_ > 0) longest_ = std::max(longest_, time - begun_);
  ++groups_;
  begun_ = time;
  skips_ = Skips::nothing;
  if (groups_ == 1 || time + kLongest >= until_) return;
  if (longest_ > kLongest) {
    skips_ = Skips::disposable;
  } else if (golden_place(groups_) >= kShareDecoded) {
    skips_ = Skips::all_but_key;
  }
}

}  // namespace trace
