// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ab_trace.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "plugins/steg/sequences/leak_length.hpp"
#include "plugins/steg/sequences/suspects.hpp"

namespace trace {
namespace {

/// No weight is 0, so that a segment in a variant that no viewer has counts as unread.
constexpr double kLeastWeight = 1e-6;
/// Shares of the significance beside the viewer's: the first round, the whole copy as that of one or two leakers.
constexpr double kFirstRound = 2;
constexpr double kAsOne = 4;
constexpr double kAsTwo = 8;

/// Each position once: what is said twice of it counts half each.
std::vector<steg::SegmentReading> readings_of(const AbTrace& trace, int variants) {
  std::map<std::uint32_t, std::pair<steg::VariantValues, int>> sums;
  for (const steg::ShownSegment& segment : trace.segments) {
    auto& [sum, times] = sums[segment.position];
    ++times;
    for (std::size_t v = 0; v < sum.size(); ++v) sum[v] += segment.reading.weight[v];
  }
  std::vector<steg::SegmentReading> readings;
  for (const auto& [position, sum] : sums) {
    steg::SegmentReading reading{position, {}};
    for (std::size_t v = 0; v < static_cast<std::size_t>(variants); ++v)
      reading.weight[v] = std::max(kLeastWeight, sum.first[v] / sum.second);
    readings.push_back(reading);
  }
  return readings;
}

std::string unknown_variant(const AbTrace& trace, int variants) {
  for (const steg::ShownSegment& segment : trace.segments) {
    if (segment.reading.state == steg::SegmentState::read && segment.reading.variant >= variants)
      return std::string("The copy shows variant ") + static_cast<char>('a' + segment.reading.variant) +
             ", and the viewers' patterns have " + std::to_string(variants) +
             " variants: give the right number with --variants.";
  }
  return {};
}

}  // namespace

void score(AbTrace& trace, const steg::Key& key, const std::vector<Viewers>& groups, double max_p_value, double tries) {
  for (const Viewers& group : groups) {
    const steg::Sequences sequences(key, group.variants, group.bias);
    const std::vector<steg::SegmentReading> readings = readings_of(trace, group.variants);
    steg::SuspectOptions options;
    options.max_p_value = max_p_value;
    options.hypotheses = static_cast<double>(groups.size()) * tries;
    for (const steg::Suspect& suspect : steg::find_suspects(sequences, readings, group.names, options)) {
      ScoredViewer scored{group.names[suspect.viewer],
                          suspect.named,
                          suspect.log10_p,
                          suspect.leakers,
                          suspect.first,
                          suspect.last,
                          {}};
      for (const steg::ShownSegment& segment : trace.segments)
        scored.variants.push_back(sequences.pattern(scored.name, segment.position, 1).front());
      trace.scored.push_back(std::move(scored));
    }
    const double all_tries = kFirstRound * options.hypotheses * static_cast<double>(group.names.size()) / max_p_value;
    trace.needed = {std::max(trace.needed.of_one, steg::segments_needed(sequences, readings, 1, kAsOne * all_tries)),
                    std::max(trace.needed.of_two, steg::segments_needed(sequences, readings, 2, kAsTwo * all_tries))};
    trace.viewers += group.names.size();
    if (trace.warning.empty()) trace.warning = unknown_variant(trace, group.variants);
  }
  std::stable_sort(trace.scored.begin(), trace.scored.end(), [](const ScoredViewer& a, const ScoredViewer& b) {
    return a.named != b.named ? a.named : a.log10_p < b.log10_p;
  });
}

}  // namespace trace
