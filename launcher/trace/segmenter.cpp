// SPDX-License-Identifier: LGPL-2.1-or-later
#include "segmenter.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "mixture.hpp"
#include "plugins/steg/watermark/accusation.hpp"

namespace trace {
namespace {

// In units of log-likelihood: frames without an ID between two IDs have to be this much likelier than none.
constexpr double kPriceOfGap = 10.0;
constexpr double kSoftBitsNorm = 16.0;  // sqrt(kCodeBits)
// Marks differ in strength from frame to frame. Tested against this much, a frame counts for an ID from half of it on.
constexpr double kMostAgreement = 4.0;
// Epochs whose signatures count for a run: enough for any proof, and bounded for copies of hours.
constexpr std::size_t kMostEpochs = 64;

/// About N(0,1) for an ID that is not there.
double agreement(const steg::SoftBits& z, const steg::Codeword& codeword) {
  double sum = 0.0;
  for (std::size_t k = 0; k < z.size(); ++k) sum += static_cast<double>(codeword[k] ? -z[k] : z[k]);
  return sum / kSoftBitsNorm;
}

}  // namespace

Segmenter::Segmenter(const steg::Key& key, steg::GridSize size, SegmenterOptions options)
    : reader_(key, size, options.format),
      options_(options),
      tracker_(reader_, [this](const std::vector<float>& field, int phase) { take(field, phase); }),
      chains_(options_.format, options_.clock),
      days_(reader_, options_.clock),
      blocks_(reader_),
      segment_reader_(reader_) {}

void Segmenter::add(std::vector<float> field, double time, double duration) {
  frames_.push_back({time, time + duration, {}});
  tracker_.add(std::move(field));
}

void Segmenter::take(const std::vector<float>& field, int phase) {
  const Frame& frame = frames_[taken_];
  if (window_ && frame.time - frames_[window_->first].time >= options_.window) close_window();
  const steg::Tick tick = chains_.add(phase, frame.time);
  if (!window_) {
    window_ = Run{taken_, taken_, steg::TickSums(reader_.size(), options_.format),
                  steg::FieldSum(reader_.size(), options_.format)};
  }
  window_->ticks.add(field.data(), tick);
  pending_.push_back({taken_, tick, field});
  window_->last = ++taken_;
}

void Segmenter::resolve(Run& run) {
  run.sum = days_.resolve(run.ticks, frames_[run.first].time, frames_[run.last - 1].time);
}

void Segmenter::settle_frames(std::size_t end) {
  for (; !pending_.empty() && pending_.front().frame < end; pending_.pop_front()) {
    const Pending& pending = pending_.front();
    Frame& frame = frames_[pending.frame];
    const auto epoch = days_.epoch_of(pending.field, pending.tick, frame.time);
    if (!epoch) continue;
    steg::FieldSum alone(reader_.size(), options_.format);
    alone.add(pending.field.data(), epoch->number);
    frame.z = reader_.soft_bits(alone);
    if (epoch->sure) frame.epoch = epoch->number;
    blocks_.add(pending.field.data(), epoch->number, frame.time);
    segment_reader_.add(pending.field.data(), epoch->number, frame.time, frame.end);
  }
}

void Segmenter::settle_waiting() {
  // What was learned since may say more of their epochs.
  for (Run& window : waiting_) {
    resolve(window);
    settle_frames(window.last);
  }
}

double Segmenter::ways_of_reading() const { return (options_.issued ? 3.0 : 2.0) * options_.positions; }

double Segmenter::hypotheses() const {
  const auto windows = static_cast<double>(std::max(windows_, options_.expected_windows));
  return ways_of_reading() * windows * (windows + 1.0) / 2.0;
}

std::optional<steg::Reading> Segmenter::read(const steg::FieldSum& sum, double hypotheses, double max_p_value) const {
  steg::ReadOptions options;
  options.hypotheses = hypotheses;
  options.max_p_value = max_p_value;
  return reader_.read(sum, options_.issued, options);
}

std::optional<steg::Reading> Segmenter::read(Run& run) {
  resolve(run);
  return read(run.sum, hypotheses(), options_.max_p_value);
}

void Segmenter::close_window() {
  if (!window_) return;
  ++windows_;
  Run window = std::move(*window_);
  window_.reset();
  if (const auto reading = read(window)) {
    accept(std::move(window), *reading);
    return;
  }
  waiting_.push_back(std::move(window));
  const auto most = static_cast<std::size_t>(options_.most_windows);
  if (waiting_.size() > most) {
    resolve(waiting_.front());
    settle_frames(waiting_.front().last);
    waiting_.pop_front();
  }
  Run merged = waiting_.back();
  std::size_t count = 1;
  for (std::size_t wanted = 2; count < waiting_.size(); wanted = std::min(2 * wanted, most)) {
    if (wanted > waiting_.size()) return;
    for (; count < wanted; ++count) {
      const Run& earlier = waiting_[waiting_.size() - 1 - count];
      merged.first = earlier.first;
      merged.ticks.add(earlier.ticks);
    }
    if (const auto reading = read(merged)) {
      waiting_.erase(waiting_.end() - static_cast<std::ptrdiff_t>(count), waiting_.end());
      accept(std::move(merged), *reading);
      return;
    }
  }
}

void Segmenter::accept(Run run, const steg::Reading& reading) {
  Found* last = found_.empty() ? nullptr : &found_.back();
  std::size_t gap_first = run.first;
  for (const Run& window : waiting_) gap_first = std::min(gap_first, window.first);
  settle_waiting();
  // Those of the run itself wait for what the next one says: a copy of another time may begin among them.
  settle_frames(run.first);
  if (last && last->best.id == reading.id && last->last == gap_first) {
    // The windows between belong to the run, so that it stays a run of consecutive windows.
    for (const Run& window : waiting_) last->sum.add(window.sum);
    last->sum.add(run.sum);
    reader_.condense(last->sum, kMostEpochs);
    last->last = run.last;
    last->last_part_first = run.first;
    if (reading.log10_p < last->best.log10_p) {
      last->best = reading;
      last->hypotheses = hypotheses();
    }
  } else {
    if (last) conclude(*last);
    found_.push_back({run.first, run.last, std::move(run.sum), reading, hypotheses(), run.last, run.first});
  }
  waiting_.clear();
}

void Segmenter::conclude(Found& found) const {
  found.whole = read(found.sum, 1.0, 1.0);
  found.z = reader_.soft_bits(found.sum);
  found.sum.clear();
}

void Segmenter::settle(Found& found) const {
  const double all = hypotheses();
  found.best.log10_p += std::log10(all / found.hypotheses);
  found.hypotheses = all;
  if (!found.whole || found.whole->id != found.best.id) return;
  found.whole->log10_p = std::min(0.0, found.whole->log10_p + std::log10(all));
  if (found.whole->log10_p < found.best.log10_p) found.best = *found.whole;
}

std::vector<double> Segmenter::evidence(const Found* found, std::size_t first, std::size_t last) const {
  if (!found) return std::vector<double>(last - first, -std::numeric_limits<double>::infinity());
  const steg::Codeword codeword = reader_.chips().codeword(found->best.id);
  double mean = 0.0;
  for (std::size_t i = found->first; i < found->last; ++i) mean += agreement(frames_[i].z, codeword);
  mean = std::min(mean / static_cast<double>(found->last - found->first), kMostAgreement);
  std::vector<double> ratios;
  ratios.reserve(last - first);
  // N(mean, 1) against N(0, 1).
  for (std::size_t i = first; i < last; ++i) ratios.push_back(mean * (agreement(frames_[i].z, codeword) - mean / 2.0));
  return ratios;
}

Boundary Segmenter::boundary(const Found* before, const Found* after, std::size_t earliest) const {
  const std::size_t first = before ? std::max(earliest, before->last_part_first) : earliest;
  const std::size_t last = after ? std::max(first, after->first_part_last) : frames_.size();
  const Boundary likeliest = likeliest_boundary(evidence(before, first, last), evidence(after, first, last),
                                                before && after ? kPriceOfGap : 0.0);
  const std::size_t begin = first + likeliest.begin;
  // An ID that was read has one frame at least.
  if (after && begin == last) return {std::min(first + likeliest.end, last - 1), last - 1};
  return {first + likeliest.end, begin};
}

std::vector<Segment> Segmenter::finish(double end) {
  if (frames_.empty()) return {};
  frames_.back().end = std::max(frames_.back().end, end);
  tracker_.flush();
  close_window();
  settle_waiting();
  settle_frames(frames_.size());
  shown_ = segment_reader_.finish();
  if (!found_.empty()) conclude(found_.back());
  for (Found& found : found_) settle(found);
  const double most = std::log10(options_.max_p_value);
  found_.erase(
      std::remove_if(found_.begin(), found_.end(), [most](const Found& found) { return found.best.log10_p > most; }),
      found_.end());
  return with_mixed(in_sequence());
}

steg::SoftBits Segmenter::agreeing(steg::SoftBits z, const std::string& id) const {
  const steg::Codeword codeword = reader_.chips().codeword(id);
  for (std::size_t k = 0; k < z.size(); ++k) z[k] = codeword[k] ? -z[k] : z[k];
  return z;
}

std::vector<Segment> Segmenter::in_sequence() const {
  std::vector<Segment> segments;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < found_.size(); ++i) {
    const Found& found = found_[i];
    if (i == 0) begin = boundary(nullptr, &found, 0).begin;
    const Found* next = i + 1 < found_.size() ? &found_[i + 1] : nullptr;
    const Boundary after = boundary(&found, next, begin + 1);
    const double to = after.end < frames_.size() ? frames_[after.end].time : frames_.back().end;
    const bool continues =
        !segments.empty() && segments.back().reading.id == found.best.id && segments.back().to >= frames_[begin].time;
    if (continues) {
      Segment& segment = segments.back();
      segment.to = to;
      segment.frames += static_cast<int>(after.end - begin);
      if (found.best.log10_p < segment.reading.log10_p) {
        segment.reading = found.best;
        segment.soft_bits = agreeing(found.z, found.best.id);
      }
    } else {
      segments.push_back(
          {frames_[begin].time, to, static_cast<int>(after.end - begin), found.best, agreeing(found.z, found.best.id)});
    }
    begin = after.begin;
  }
  return segments;
}

std::vector<Segment> Segmenter::with_mixed(std::vector<Segment> segments) const {
  std::vector<steg::Proposer> proposers{steg::propose_blindly(reader_.chips())};
  if (options_.issued) proposers.push_back(steg::propose_issued(*options_.issued));
  const std::vector<steg::Accused> accused =
      steg::accuse(reader_, blocks_, proposers, {options_.max_p_value, ways_of_reading()});
  BlockTimes times{{}, frames_.back().end};
  steg::FieldBlocks::CodeSum whole;
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    times.from.push_back(blocks_.time(b));
    for (std::size_t t = 0; t < steg::FieldBlocks::kTiles; ++t) whole.add(blocks_.code(b, t));
  }
  segments = by_time_of_day(with_accused(std::move(segments), accused, times));
  for (Segment& segment : segments) {
    steg::SoftBits sum{};
    segment.frames = 0;
    for (const Frame& frame : frames_) {
      if (frame.time < segment.from || (frame.time > segment.from && frame.time >= segment.to)) continue;
      ++segment.frames;
      for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += frame.z[k];
    }
    if (segment.mixed) {
      segment.soft_bits = agreeing(whole.soft_bits(), segment.reading.id);
    } else if (segment.soft_bits == steg::SoftBits{}) {
      for (float& z : sum) z /= std::sqrt(static_cast<float>(std::max(1, segment.frames)));
      segment.soft_bits = agreeing(sum, segment.reading.id);
    }
  }
  return segments;
}

std::vector<Segment> Segmenter::by_time_of_day(const std::vector<Segment>& segments) const {
  if (options_.format != steg::ChipFormat::day || !options_.clock.tells_time()) return segments;
  std::vector<Segment> out;
  for (const Segment& segment : segments) {
    MarkedSpans spans(options_.clock);
    for (const Frame& frame : frames_) {
      const bool within = frame.time == segment.from || (frame.time > segment.from && frame.time < segment.to);
      if (within && frame.epoch) spans.add(frame.time, *frame.epoch);
    }
    const std::vector<MarkedSpans::Span> found = segment.mixed ? spans.longest() : spans.all();
    for (std::size_t i = 0; i < std::max<std::size_t>(1, found.size()); ++i) {
      out.push_back(segment);
      if (found.empty()) continue;
      out.back().marked = MarkedTime{options_.clock.begin(found[i].first), options_.clock.end(found[i].last)};
      if (i > 0) out.back().from = found[i].from;
      if (i + 1 < found.size()) out.back().to = found[i + 1].from;
    }
  }
  return out;
}

}  // namespace trace
