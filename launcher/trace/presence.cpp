// SPDX-License-Identifier: LGPL-2.1-or-later
#include "presence.hpp"

#include <algorithm>

namespace trace {
namespace {

constexpr double kPriceOfChange = 8.0;  // in units of log-likelihood
// A block is tested against a mean of at most this, because marks differ in strength from frame to frame.
constexpr double kMostStrength = 4.0;
constexpr int kRefinements = 3;
constexpr std::size_t kScattered = 3;  // stretches, at least
// Of the mean strength. A strong mark leaves more than noise in blocks that carry another ID, since code bits differ in
// strength: weaker blocks than these do not carry it.
constexpr double kWeakest = 0.125;

std::vector<bool> likeliest(const std::vector<double>& strengths, double mean) {
  double absent = 0.0;
  double present = 0.0;
  std::vector<bool> absent_came_from_present;
  std::vector<bool> present_came_from_present;
  for (const double strength : strengths) {
    absent_came_from_present.push_back(present - kPriceOfChange > absent);
    present_came_from_present.push_back(present >= absent - kPriceOfChange);
    const double before = absent;
    absent = std::max(absent, present - kPriceOfChange);
    present = std::max(present, before - kPriceOfChange) + mean * (strength - mean / 2.0);
  }
  std::vector<bool> there(strengths.size());
  bool now = present > absent;
  for (std::size_t i = strengths.size(); i > 0; --i) {
    there[i - 1] = now;
    now = now ? present_came_from_present[i - 1] : absent_came_from_present[i - 1];
  }
  return there;
}

void trim(Stretch& stretch, const std::vector<double>& strengths) {
  double sum = 0.0;
  for (std::size_t b = stretch.first; b < stretch.last; ++b) sum += strengths[b];
  const double least = kWeakest * sum / static_cast<double>(stretch.last - stretch.first);
  while (stretch.last - stretch.first > 1 && strengths[stretch.last - 1] < least) --stretch.last;
  while (stretch.last - stretch.first > 1 && strengths[stretch.first] < least) ++stretch.first;
}

}  // namespace

std::vector<Stretch> presence(const std::vector<double>& strengths) {
  std::vector<bool> there(strengths.size(), true);
  for (int i = 0; i < kRefinements; ++i) {
    double sum = 0.0;
    std::size_t count = 0;
    for (std::size_t b = 0; b < strengths.size(); ++b) {
      if (!there[b]) continue;
      sum += strengths[b];
      ++count;
    }
    if (count == 0 || sum <= 0.0) break;
    const double mean = sum / static_cast<double>(count);
    // A block counts from half of what it is tested against.
    std::vector<bool> next = likeliest(strengths, std::max(std::min(kMostStrength, mean), 2.0 * kWeakest * mean));
    if (std::none_of(next.begin(), next.end(), [](bool is) { return is; })) break;
    there = std::move(next);
  }
  std::vector<Stretch> stretches;
  for (std::size_t b = 0; b < there.size(); ++b) {
    if (!there[b]) continue;
    if (stretches.empty() || stretches.back().last != b) stretches.push_back({b, b});
    stretches.back().last = b + 1;
  }
  for (Stretch& stretch : stretches) trim(stretch, strengths);
  return stretches;
}

bool is_scattered(const std::vector<Stretch>& stretches) {
  if (stretches.size() < kScattered) return false;
  const auto shorter = std::count_if(stretches.begin(), stretches.end(),
                                     [](const Stretch& stretch) { return stretch.last - stretch.first <= 2; });
  return static_cast<std::size_t>(shorter) * 2 > stretches.size();
}

}  // namespace trace
