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
/// So many on each side of a gap say when the segments around it begin.
constexpr std::size_t kMostAround = 5;

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

bool is_read(const ShownSegment& segment) { return segment.reading.state != SegmentState::unread; }

/// What is said twice of one position.
void merge(ShownSegment& into, const ShownSegment& other) {
  const ShownSegment first = into;
  const bool adjoins = other.from - into.to < kShortestSegment;
  if (is_read(into) != is_read(other)) {
    if (is_read(other)) into = other;
  } else if (!is_read(into) && !adjoins) {
    // One of them is there by chance.
    if (other.frames > into.frames) into = other;
  } else {
    for (std::size_t v = 0; v < into.reading.weight.size(); ++v)
      into.reading.weight[v] = (into.reading.weight[v] + other.reading.weight[v]) / 2;
    if (is_read(into) && into.reading.variant != other.reading.variant) into.reading.state = SegmentState::mixed;
  }
  if (!adjoins) return;
  into.from = first.from;
  into.to = std::max(first.to, other.to);
  into.frames = first.frames + other.frames;
}

bool may_follow(const ShownSegment& one, const ShownSegment& later) {
  const auto steps = static_cast<double>(static_cast<std::int32_t>(later.position - one.position));
  return steps > 0 && steps <= 1 + (later.from - one.from) / kShortestSegment;
}

/// Those of a list by time whose positions rise and that have the most frames together.
std::vector<ShownSegment> heaviest_rising(const std::vector<ShownSegment>& all) {
  std::vector<int> frames(all.size());  // of the heaviest list that ends there
  std::vector<std::size_t> previous(all.size(), all.size());
  std::size_t last = all.size();
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (frames[k] <= frames[i] || !may_follow(all[k], all[i])) continue;
      frames[i] = frames[k];
      previous[i] = k;
    }
    frames[i] += all[i].frames;
    if (last == all.size() || frames[i] > frames[last]) last = i;
  }
  std::vector<ShownSegment> rising;
  for (; last != all.size(); last = previous[last]) rising.push_back(all[last]);
  std::reverse(rising.begin(), rising.end());
  return rising;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// When the segment at `at` begins by those that go on from it without a gap, backwards with `step` -1, forwards with
/// 1: it may itself have lost its first frames.
double beginning(const std::vector<ShownSegment>& segments, std::size_t at, int step, double length) {
  std::vector<double> told;
  for (std::size_t i = at; told.size() < kMostAround; i += static_cast<std::size_t>(step)) {
    const int away = static_cast<int>(told.size()) * step;
    if (i >= segments.size() || segments[i].position != segments[at].position + static_cast<std::uint32_t>(away)) break;
    told.push_back(segments[i].from - away * length);
  }
  return median(std::move(told));
}

}  // namespace

void SegmentReader::add(const float* field, int epoch, double from, double to) {
  if (reader_.chips().format() != ChipFormat::day) return;
  auto found = std::find_if(open_.begin(), open_.end(), [epoch](const Run& run) { return run.epoch == epoch; });
  ++frames_;
  if (found != open_.end() && frames_ - found->last - 1 > found->frames) {
    // Others had more frames since: an epoch by chance, which does not begin the segment.
    close(std::move(*found));
    open_.erase(found);
    found = open_.end();
  }
  if (found == open_.end()) {
    if (open_.size() == kMostOpenSegments) {
      close(std::move(open_.front()));
      open_.pop_front();
    }
    open_.push_back({epoch, from, to, 0, std::vector<float>(index(reader_.size().cells())), frames_});
  } else if (std::next(found) != open_.end()) {
    // The one that was added to last stands last.
    std::rotate(found, std::next(found), open_.end());
  }
  Run& run = open_.back();
  for (std::size_t i = 0; i < run.sum.size(); ++i) run.sum[i] += evidence_of(field[i]);
  run.to = std::max(run.to, to);
  run.last = frames_;
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
  std::vector<ShownSegment> kept;
  std::vector<ShownSegment> between;
  const ShownSegment* before = nullptr;  // the last that is read
  for (auto one = segments_.begin(); one != segments_.end(); ++one) {
    if (is_read(*one)) {
      for (const ShownSegment& segment : heaviest_rising(between)) kept.push_back(segment);
      between.clear();
      kept.push_back(*one);
      before = &*one;
      continue;
    }
    const auto found = std::find_if(one, segments_.end(), is_read);
    const ShownSegment* after = found == segments_.end() ? nullptr : &*found;
    const bool follows = before && may_follow(*before, *one);
    const bool precedes = after && may_follow(*one, *after);
    // Where the copy goes on from one to the other, so does what is between them. At a cut it belongs to either.
    const bool goes_on = before && after && may_follow(*before, *after);
    if (goes_on ? follows && precedes : follows || precedes) between.push_back(*one);
  }
  for (const ShownSegment& segment : heaviest_rising(between)) kept.push_back(segment);
  segments_ = std::move(kept);
}

void SegmentReader::fill_gaps() {
  std::vector<double> lengths;
  for (std::size_t i = 1; i < segments_.size(); ++i) {
    const std::uint32_t steps = segments_[i].position - segments_[i - 1].position;
    if (steps <= kMostOfGap) lengths.push_back((segments_[i].from - segments_[i - 1].from) / steps);
  }
  if (lengths.empty()) return;
  const double length = median(std::move(lengths));
  std::vector<ShownSegment> all;
  for (std::size_t k = 0; k < segments_.size(); ++k) {
    const ShownSegment& segment = segments_[k];
    if (k > 0) {
      const ShownSegment& before = segments_[k - 1];
      const std::uint32_t steps = segment.position - before.position;
      const double passed = segment.from - before.from;
      // Those that were cut out leave no time behind.
      const bool has_room =
          steps > 1 && steps <= kMostOfGap &&
          beginning(segments_, k, 1, length) - beginning(segments_, k - 1, -1, length) > (steps - 0.5) * length;
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
