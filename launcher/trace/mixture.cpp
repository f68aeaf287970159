// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mixture.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "presence.hpp"

namespace trace {
namespace {

// Of the shorter of two: what they share at their ends, because neither is known to the frame, is no mix.
constexpr double kSharedTime = 0.25;
constexpr double kCoveredTime = 0.5;
// Seconds. In a mix an ID is weak, and a gap in it most likely a scene that shows it badly.
constexpr double kGapInMix = 10.0;

/// An accused ID and when it is there.
struct Present {
  const steg::Accused* accused;
  std::vector<Stretch> stretches;
  bool mixed = false;
};

double overlap(double from, double to, double other_from, double other_to) {
  return std::max(0.0, std::min(to, other_to) - std::max(from, other_from));
}

double length(const std::vector<Stretch>& stretches, const BlockTimes& times) {
  double sum = 0.0;
  for (const Stretch& stretch : stretches) sum += times.to(stretch.last) - times.from[stretch.first];
  return sum;
}

double shared(const std::vector<Stretch>& a, const std::vector<Stretch>& b, const BlockTimes& times) {
  double sum = 0.0;
  for (const Stretch& one : a) {
    for (const Stretch& other : b)
      sum += overlap(times.from[one.first], times.to(one.last), times.from[other.first], times.to(other.last));
  }
  return sum;
}

bool same_time(const Present& a, const Present& b, const BlockTimes& times) {
  if (a.stretches.empty() || b.stretches.empty()) return false;
  // An image has a time without a length.
  if (times.from.size() == 1) return true;
  return shared(a.stretches, b.stretches, times) >
         kSharedTime * std::min(length(a.stretches, times), length(b.stretches, times));
}

/// Frames that take turns with others' become one stretch.
Present present(const steg::Accused& accused) {
  Present result{&accused, presence(accused.blocks)};
  if (is_scattered(result.stretches))
    result.stretches = {{result.stretches.front().first, result.stretches.back().last}};
  return result;
}

void close_gaps(std::vector<Stretch>& stretches, const BlockTimes& times) {
  std::vector<Stretch> closed;
  for (const Stretch& stretch : stretches) {
    if (!closed.empty() && times.from[stretch.first] - times.to(closed.back().last) <= kGapInMix)
      closed.back().last = stretch.last;
    else
      closed.push_back(stretch);
  }
  stretches = std::move(closed);
}

bool is_covered(const std::vector<Segment>& segments, const Segment& wanted) {
  double covered = 0.0;
  for (const Segment& segment : segments) {
    if (segment.reading.id == wanted.reading.id) covered += overlap(segment.from, segment.to, wanted.from, wanted.to);
  }
  return covered >= kCoveredTime * (wanted.to - wanted.from);
}

/// Takes the time of `cut` out of all segments.
std::vector<Segment> without(const std::vector<Segment>& segments, const Segment& cut) {
  std::vector<Segment> out;
  for (const Segment& segment : segments) {
    if (segment.mixed || segment.to <= cut.from || segment.from >= cut.to) {
      out.push_back(segment);
      continue;
    }
    if (segment.from < cut.from) {
      out.push_back(segment);
      out.back().to = cut.from;
    }
    if (segment.to > cut.to) {
      out.push_back(segment);
      out.back().from = cut.to;
    }
  }
  return out;
}

}  // namespace

std::vector<Segment> with_accused(std::vector<Segment> segments, const std::vector<steg::Accused>& accused,
                                  const BlockTimes& times) {
  std::vector<Present> presents;
  for (const steg::Accused& one : accused) presents.push_back(present(one));
  for (Present& one : presents) {
    for (const Present& other : presents) one.mixed = one.mixed || (&one != &other && same_time(one, other, times));
  }
  for (Present& one : presents) {
    if (!one.mixed) continue;
    close_gaps(one.stretches, times);
    const std::string& id = one.accused->reading.id;
    segments.erase(std::remove_if(segments.begin(), segments.end(),
                                  [&id](const Segment& segment) { return segment.reading.id == id; }),
                   segments.end());
  }
  for (const Present& one : presents) {
    for (const Stretch& stretch : one.stretches) {
      Segment segment{times.from[stretch.first], times.to(stretch.last), 0, one.accused->reading};
      segment.mixed = one.mixed;
      if (one.mixed) {
        segment.tiles = one.accused->tiles;
      } else {
        if (is_covered(segments, segment)) continue;
        segments = without(segments, segment);
      }
      segments.push_back(std::move(segment));
    }
  }
  std::stable_sort(segments.begin(), segments.end(),
                   [](const Segment& a, const Segment& b) { return a.from < b.from; });
  return segments;
}

}  // namespace trace
