// SPDX-License-Identifier: LGPL-2.1-or-later
#include "segment_reader.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "plugins/steg/watermark/index.hpp"

namespace steg {
namespace {

/// Frames at the border of two segments may be taken for the other one's.
constexpr std::size_t kMostOpenSegments = 3;
/// Segments whose signature cells are kept until a position is known: 40 MB at 384x216 cells.
constexpr std::size_t kMostKept = 512;

/// Of a copy at twice its speed, seconds.
constexpr double kShortestSegment = 0.4;
/// More segments in a row than these are not told to be unread.
constexpr std::uint32_t kMostOfGap = 64;

/// The segment that is likeliest of those whose epoch it is. A wrong payload of the list is one with a probability of
/// 2^-38.
std::optional<SegmentMark> decode(const Chips& chips, const SoftBits& z, int epoch) {
  for (const Candidate& candidate : polar_decode_list(z)) {
    const auto payload = unpack_payload(chips.permutation().invert(candidate.payload));
    const auto segment = payload ? segment_of(*payload) : std::nullopt;
    if (segment && static_cast<int>(segment->position % kDayEpochs) == epoch) return segment;
  }
  return std::nullopt;
}

/// What is said twice of one position.
void merge(ShownSegment& into, const ShownSegment& other) {
  for (std::size_t v = 0; v < into.reading.weight.size(); ++v)
    into.reading.weight[v] = (into.reading.weight[v] + other.reading.weight[v]) / 2;
  if (other.reading.state == SegmentState::unread) return;
  if (into.reading.state == SegmentState::unread)
    into.reading.variant = other.reading.variant, into.reading.state = other.reading.state;
  else if (into.reading.variant != other.reading.variant)
    into.reading.state = SegmentState::mixed;
}

}  // namespace

void SegmentReader::add(const float* field, int epoch, double from, double to) {
  if (reader_.chips().format() != ChipFormat::day) return;
  auto found = std::find_if(open_.begin(), open_.end(), [epoch](const Run& run) { return run.epoch == epoch; });
  if (found == open_.end()) {
    if (open_.size() == kMostOpenSegments) {
      close(std::move(open_.front()));
      open_.pop_front();
    }
    open_.push_back({epoch, from, to, 0, std::vector<float>(index(reader_.size().cells()))});
  } else if (std::next(found) != open_.end()) {
    // The one that was added to last stands last.
    std::rotate(found, std::next(found), open_.end());
  }
  Run& run = open_.back();
  for (std::size_t i = 0; i < run.sum.size(); ++i) run.sum[i] += evidence_of(field[i]);
  run.to = std::max(run.to, to);
  ++run.frames;
}

void SegmentReader::close(Run run) {
  FieldSum sum(reader_.size(), reader_.chips().format());
  sum.add(run.sum.data(), run.epoch);
  const int phase = phase_of(run.epoch);
  Ended ended{run.epoch, run.from, run.to, run.frames, reader_.pilot(run.sum.data(), phase), reader_.soft_bits(sum),
              {}};
  if (waiting_.size() < kMostKept) {
    for (const int cell : reader_.cells(phase).signature) ended.signature.push_back(run.sum[index(cell)]);
  }
  if (const auto segment = decode(reader_.chips(), ended.z, run.epoch)) {
    known_ = segment->position;
    for (const Ended& earlier : waiting_) settle(earlier, position_of(earlier.epoch));
    waiting_.clear();
  }
  if (known_)
    settle(ended, position_of(ended.epoch));
  else
    waiting_.push_back(std::move(ended));
}

std::uint32_t SegmentReader::position_of(int epoch) const {
  // The short way round, from the segment that is known.
  const auto steps = static_cast<std::int16_t>(static_cast<std::uint32_t>(epoch) - *known_);
  return *known_ + static_cast<std::uint32_t>(static_cast<std::int32_t>(steps));
}

void SegmentReader::settle(const Ended& ended, std::uint32_t position) {
  const Chips& chips = reader_.chips();
  VariantEvidence evidence;
  evidence.z = ended.z;
  evidence.pilot = ended.pilot;
  evidence.has_signatures = !ended.signature.empty();
  std::array<Correlation, kMostVariants> correlations{};
  int likeliest = 0;
  double agreement = 0;
  for (int variant = 0; variant < kMostVariants; ++variant) {
    const std::string payload = payload_of({position, variant});
    const std::size_t v = index(variant);
    evidence.codewords[v] = chips.codeword(payload);
    const double own = code_agreement(ended.z, evidence.codewords[v]);
    if (variant == 0 || own > agreement) {
      likeliest = variant;
      agreement = own;
    }
    if (!evidence.has_signatures) continue;
    const auto signs = chips.signature(payload, reader_.cells(phase_of(ended.epoch)).layout, ended.epoch);
    for (std::size_t i = 0; i < signs.size(); ++i)
      correlations[v].add(static_cast<double>(ended.signature[i]), signs[i]);
    evidence.signatures[v] = correlations[v].normalized();
  }
  const Correlation& chosen = correlations[index(likeliest)];
  const ShownSegment segment{
      ended.from, ended.to, ended.frames, position, ended.pilot, chosen.normalized(), read_variants(evidence)};
  const auto same = std::find_if(segments_.rbegin(), segments_.rend(),
                                 [position](const ShownSegment& other) { return other.position == position; });
  if (same != segments_.rend()) {
    merge(*same, segment);
    return;
  }
  // What comes again has the same coins, and each of them may meet one number only.
  signatures_.product += chosen.product;
  signatures_.energy += chosen.energy;
  segments_.push_back(segment);
}

void SegmentReader::drop_strays() {
  // By time; what is not read tells its position by its epoch alone, which may be chance.
  const auto is_read = [](const ShownSegment& segment) { return segment.reading.state != SegmentState::unread; };
  const auto fits = [](const ShownSegment& segment, const ShownSegment& other) {
    const auto steps = static_cast<double>(static_cast<std::int32_t>(segment.position - other.position));
    const double passed = segment.from - other.from;
    return steps * passed >= 0 && std::fabs(steps) <= 1 + std::fabs(passed) / kShortestSegment;
  };
  std::vector<ShownSegment> kept;
  for (auto one = segments_.begin(); one != segments_.end(); ++one) {
    const auto after = std::find_if(one, segments_.end(), is_read);
    const auto before = std::find_if(std::make_reverse_iterator(one), segments_.rend(), is_read);
    if (is_read(*one) || (after != segments_.end() && fits(*one, *after)) ||
        (before != segments_.rend() && fits(*one, *before)))
      kept.push_back(*one);
  }
  segments_ = std::move(kept);
}

void SegmentReader::fill_gaps() {
  std::vector<double> lengths;
  for (std::size_t i = 1; i < segments_.size(); ++i) {
    const std::uint32_t steps = segments_[i].position - segments_[i - 1].position;
    if (steps <= kMostOfGap) lengths.push_back((segments_[i].from - segments_[i - 1].from) / steps);
  }
  if (lengths.empty()) return;
  const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2);
  std::nth_element(lengths.begin(), middle, lengths.end());
  std::vector<ShownSegment> all;
  for (const ShownSegment& segment : segments_) {
    if (!all.empty()) {
      const ShownSegment before = all.back();
      const std::uint32_t steps = segment.position - before.position;
      const double passed = segment.from - before.from;
      // Those that were cut out leave no time behind.
      const bool has_room = steps <= kMostOfGap && passed > (steps - 0.5) * *middle;
      for (std::uint32_t i = 1; has_room && i < steps; ++i) {
        ShownSegment unread{
            before.from + passed * i / steps, before.from + passed * (i + 1) / steps, 0, before.position + i, 0, 0,
            {SegmentState::unread, 0, {}}};
        unread.reading.weight.fill(1);
        all.push_back(unread);
      }
    }
    all.push_back(segment);
  }
  segments_ = std::move(all);
}

ShownSegments SegmentReader::finish() {
  for (Run& run : open_) close(std::move(run));
  open_.clear();
  std::stable_sort(segments_.begin(), segments_.end(),
                   [](const ShownSegment& a, const ShownSegment& b) { return a.from < b.from; });
  drop_strays();
  fill_gaps();
  return {std::move(segments_), signatures_.normalized()};
}

}  // namespace steg
