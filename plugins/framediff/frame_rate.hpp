// The frame rate of a stream, measured from its timestamps.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace framediff {

/// Frames a second as num / den; 0 / 1 where nothing is known yet.
struct Fraction {
  int num = 0;
  int den = 1;

  double value() const { return static_cast<double>(num) / den; }
};

inline bool operator==(const Fraction& a, const Fraction& b) { return a.num == b.num && a.den == b.den; }
inline bool operator!=(const Fraction& a, const Fraction& b) { return !(a == b); }

struct RateReport {
  /// Frames a second that arrive.
  Fraction input;
  /// Frames a second that show something new.
  Fraction unique;
  /// True if the distances of the timestamps follow no fixed period; `input` is their mean rate then.
  bool variable = false;
};

/// Fits a straight line through the timestamps of the last frames (240 of them, at most 10 s) against their numbers.
/// The error of its slope is known from the residuals, so that rounding to milliseconds (RTMP), jitter and single lost
/// frames do not change the answer, and it claims no more accuracy than it has: a standard rate is taken when it lies
/// within that error, and left only when it no longer does. The rules: docs/frame-rate.md.
class FrameRate {
 public:
  /// Adds a frame at `pts` (ns). Returns a report when a rate has changed enough (at most one a second).
  std::optional<RateReport> push(std::uint64_t pts, bool unique);

  /// The rate that the stream declares. It is preferred where the timestamps fit it as well as another. 0 / 1: none.
  void set_declared(Fraction rate) { declared_ = rate; }

  /// The next timestamp does not continue the last one; the measured rate stands until a new one is known.
  void interrupt();

  /// Forgets everything but the declared rate.
  void reset();

  const RateReport& report() const { return report_; }

 private:
  struct Sample {
    std::uint64_t pts;
    bool unique;
  };
  struct Fit;
  static constexpr std::size_t kCapacity = 241;

  /// Sample number i, the oldest is 0.
  const Sample& at(std::size_t i) const { return samples_[(first_ + i) % kCapacity]; }
  void append(const Sample& sample);
  void drop_oldest(std::size_t n);
  double interval(std::size_t i) const { return static_cast<double>(at(i).pts - at(i - 1).pts); }
  double median_interval() const;
  double span() const { return static_cast<double>(at(count_ - 1).pts - at(0).pts); }
  bool enough() const;
  void follow_step();
  void follow_bend(double period);
  Fit fit(double period, std::size_t begin, std::size_t end) const;
  void measure();
  Fraction constant_rate(const Fit& fit) const;
  Fraction mean_rate() const;
  Fraction unique_rate() const;
  bool worth_telling() const;

  std::array<Sample, kCapacity> samples_{};
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  std::uint64_t pushed_ = 0;
  /// pushed_ when the timestamps began to follow no expected rate.
  std::optional<std::uint64_t> doubtful_since_;
  Fraction declared_;
  RateReport report_;
  std::optional<RateReport> told_;
  std::uint64_t told_at_ = 0;
};

}  // namespace framediff
