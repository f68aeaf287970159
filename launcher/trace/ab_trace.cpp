// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ab_trace.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <stdexcept>
#include <utility>

#include "plugins/steg/sequences/leak_length.hpp"
#include "plugins/steg/sequences/pattern_name.hpp"
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

std::string blanks_cut(const std::string& line) {
  constexpr char kBlanks[] = " \t\r";
  const std::size_t first = line.find_first_not_of(kBlanks);
  return first == std::string::npos ? "" : line.substr(first, line.find_last_not_of(kBlanks) - first + 1);
}

std::string unknown_variant(const AbTrace& trace, int variants) {
  for (const steg::ShownSegment& segment : trace.segments) {
    if (segment.reading.state == steg::SegmentState::read && segment.reading.variant >= variants)
      return std::string("The copy shows variant ") + letter(segment.reading.variant) +
             ", and the viewers' patterns have " + std::to_string(variants) +
             " variants: give the right number with --variants.";
  }
  return {};
}

}  // namespace

std::vector<std::string> read_names(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::string> names;
  for (std::string line; std::getline(file, line);) {
    std::string name = blanks_cut(line);
    if (!name.empty()) names.push_back(std::move(name));
  }
  if (!file.eof())
    throw std::runtime_error("The list of viewers " + path + " cannot be read. It is a file with a name in each line.");
  if (names.empty())
    throw std::runtime_error("The list of viewers " + path + " is empty. Give a file with a name in each line.");
  return names;
}

void ViewerGroups::add(const std::string& viewer, const std::string& pattern) {
  const std::optional<steg::PatternName> name = steg::parse_pattern_name(pattern);
  if (name) add({name->variants, name->bias, {viewer}});
}

void ViewerGroups::add(Viewers viewers) {
  for (Viewers& group : groups_) {
    if (group.variants != viewers.variants || group.bias != viewers.bias) continue;
    for (std::string& name : viewers.names) group.names.push_back(std::move(name));
    return;
  }
  groups_.push_back(std::move(viewers));
}

std::vector<Viewers> ViewerGroups::take() {
  for (Viewers& group : groups_) {
    std::sort(group.names.begin(), group.names.end());
    group.names.erase(std::unique(group.names.begin(), group.names.end()), group.names.end());
  }
  return std::move(groups_);
}

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

char letter(int variant) { return static_cast<char>('a' + variant); }

char letter(const steg::ShownSegment& segment) {
  if (segment.reading.state == steg::SegmentState::mixed) return '+';
  return segment.reading.state == steg::SegmentState::read ? letter(segment.reading.variant) : '.';
}

std::size_t count(const AbTrace& trace, steg::SegmentState state) {
  return static_cast<std::size_t>(
      std::count_if(trace.segments.begin(), trace.segments.end(),
                    [state](const steg::ShownSegment& segment) { return segment.reading.state == state; }));
}

}  // namespace trace
