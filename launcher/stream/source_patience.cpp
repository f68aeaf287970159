// SPDX-License-Identifier: LGPL-2.1-or-later
#include "source_patience.hpp"

#include <algorithm>

#include "launcher/base/seconds.hpp"

namespace launcher {
namespace {

constexpr double kOfUnknown = 4;
constexpr double kOfLongestPause = 3;
constexpr unsigned kLongTry = 4;

}  // namespace

void SourcePatience::data(Seconds now) {
  if (last_) pauses_[count_++ % kPauses] = now - *last_;
  last_ = now;
}

Seconds SourcePatience::limit(Seconds idle) const {
  const Seconds longest = *std::max_element(pauses_.begin(), pauses_.end());
  const Seconds least = count_ < kPauses ? kOfUnknown * idle : idle;
  return std::max(least, kOfLongestPause * longest);
}

Seconds SourcePatience::first_limit(Seconds idle, unsigned silent_tries) {
  return silent_tries % kLongTry == kLongTry - 1 ? kOfUnknown * idle : idle;
}

}  // namespace launcher
