// SPDX-License-Identifier: LGPL-2.1-or-later
#include "skimmer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "marked_spans.hpp"
#include "plugins/steg/watermark/sync/parallel.hpp"

namespace trace {
namespace {

// A certain frame's soft bits have one mean on the side of its codeword, of at least so much, and what is left of their
// energy is variance: 1 - mean²/n for n cells a bit. Of copies that share the picture, the bits in which they differ
// lie apart from the others, and the variance is larger. Single copies of five clips had 0.6 to 1.05 times the expected
// one.
constexpr double kLeastMean = 1.0;
constexpr double kMostVariance = 1.35;
constexpr int kListSize = 8;
// The largest of the pilots of 8 epochs where there is no mark: mean and deviation of the largest of 8 normals.
constexpr double kNoPilot = 1.42;
constexpr double kNoPilotDeviation = 0.61;
constexpr double kPilot = 4.5;  // of a frame
// of one that may be certain: its code bits, twice as many cells, have a mean of kLeastMean at 11.3
constexpr double kCertainPilot = 6.0;
constexpr double kAllPilots = 4.0;  // of all together, in standard deviations

}  // namespace

Skimmer::Skimmer(const steg::Reader& reader, Mode mode, Extract extract, Sink sink, const steg::DayClock& clock,
                 int threads)
    : reader_(reader),
      mode_(mode),
      extract_(std::move(extract)),
      sink_(std::move(sink)),
      threads_(static_cast<std::size_t>(std::max(1, threads))),
      chains_(reader.chips().format(), clock),
      days_(reader, clock) {}

void Skimmer::add(std::vector<float> cells, double time, double duration) {
  Frame frame{std::move(cells), time, duration};
  if (time - last_time_ > kLongestGap) agreeing_ = 0;
  last_time_ = time;
  if (mode_ == Mode::all) {
    waiting_.push_back(std::move(frame));
    if (waiting_.size() >= threads_) hand_on();
  } else if ((steady() ? steady_sampler_ : sampler_).takes(time, duration) || !last_) {
    look(frame);
  } else {
    waiting_.push_back(std::move(frame));
  }
}

void Skimmer::finish() {
  if (mode_ == Mode::all) hand_on();
  if (waiting_.empty()) return;
  const Frame last = std::move(waiting_.back());
  waiting_.pop_back();
  look(last);
}

void Skimmer::look(const Frame& frame) {
  std::vector<float> field(static_cast<std::size_t>(reader_.size().cells()));
  extract_(frame.cells.data(), field.data());
  const Look now = judge(field.data(), frame.time);
  const bool certain = last_ && same(*last_, now);
  const bool promising = mode_ != Mode::promising || now.pilot || (last_ && last_->pilot);
  if (!certain && promising) {
    hand_on();
  } else if (!certain && !waiting_.empty()) {
    passed_over_ = true;
  }
  waiting_.clear();
  agreeing_ = certain ? agreeing_ + 1 : 0;
  last_ = now;
  sink_(std::move(field), frame.time, frame.duration);
}

Skimmer::Look Skimmer::judge(const float* field, double time) {
  const int phase = reader_.likeliest_phase(field);
  const double pilot = reader_.pilot(field, phase);
  ++looks_;
  pilots_ += pilot;
  Look look{pilot >= kPilot, std::nullopt, std::nullopt, time};
  any_pilot_ = any_pilot_ || look.pilot;
  if (pilot >= kCertainPilot) judge_code(field, phase, look);
  return look;
}

bool Skimmer::same(const Look& before, const Look& now) const {
  if (!before.payload || before.payload != now.payload) return false;
  return !before.epoch || !now.epoch || may_follow(days_.clock(), *before.epoch, *now.epoch, now.time - before.time);
}

void Skimmer::judge_code(const float* field, int phase, Look& look) {
  steg::TickSums ticks(reader_.size(), reader_.chips().format());
  const steg::Tick tick = chains_.add(phase, look.time);
  ticks.add(field, tick);
  const steg::FieldSum sum = days_.resolve(ticks, look.time, look.time);
  if (sum.fields().empty()) return;
  const steg::SoftBits z = reader_.soft_bits(sum);
  const std::uint64_t payload = steg::polar_decode_list(z, kListSize).front().payload;
  const steg::Codeword codeword = steg::polar_encode(payload);
  double mean = 0;
  double squares = 0;
  for (std::size_t k = 0; k < z.size(); ++k) {
    const double agreement = codeword[k] == 0 ? z[k] : -z[k];
    mean += agreement / steg::kCodeBits;
    squares += agreement * agreement / steg::kCodeBits;
  }
  const double cells_of_bit = reader_.size().cells() / 2.0 / steg::kCodeBits;
  const double expected = 1 - mean * mean / cells_of_bit;
  if (mean < kLeastMean || squares - mean * mean > kMostVariance * expected) return;
  look.payload = payload;
  if (reader_.chips().format() == steg::ChipFormat::day) look.epoch = days_.epoch_of(tick)->number;
}

void Skimmer::hand_on() {
  std::vector<std::vector<float>> fields(std::min(threads_, waiting_.size()));
  for (std::size_t first = 0; first < waiting_.size(); first += fields.size()) {
    const std::size_t count = std::min(fields.size(), waiting_.size() - first);
    steg::sync::in_parallel(count, threads_, [&](std::size_t i, std::size_t) {
      fields[i].resize(static_cast<std::size_t>(reader_.size().cells()));
      extract_(waiting_[first + i].cells.data(), fields[i].data());
    });
    for (std::size_t i = 0; i < count; ++i)
      sink_(std::move(fields[i]), waiting_[first + i].time, waiting_[first + i].duration);
  }
  waiting_.clear();
}

bool Skimmer::has_pilots() const {
  if (any_pilot_) return true;
  return looks_ > 0 && (pilots_ / looks_ - kNoPilot) * std::sqrt(looks_) > kAllPilots * kNoPilotDeviation;
}

}  // namespace trace
