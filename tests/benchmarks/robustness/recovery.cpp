// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recovery.hpp"

#include <cmath>
#include <deque>
#include <optional>
#include <vector>

#include "launcher/trace/frame_sampler.hpp"
#include "launcher/trace/media_reader.hpp"
#include "plugins/steg/reading/day_tracker.hpp"
#include "plugins/steg/reading/epoch_tracker.hpp"
#include "plugins/steg/reading/ticks.hpp"
#include "plugins/steg/watermark/grid.hpp"
#include "plugins/steg/watermark/reading.hpp"

namespace robustness {
namespace {

/// The frames of one copy, all on one grid.
class CopyReader {
 public:
  CopyReader(const ReadPlan& plan, steg::Extractor& extractor, int width, int height)
      : plan_(plan),
        extractor_(extractor),
        grid_(width, height),
        reader_(steg::Key::public_default(), grid_.size(), extractor.chip_format()),
        codeword_(reader_.chips().codeword(plan.id)),
        tracker_(reader_, [this](const std::vector<float>& field, int phase) { sum(field, phase); }),
        chains_(extractor.chip_format(), steg::DayClock()),
        cells_(static_cast<std::size_t>(grid_.size().cells())) {}

  void take(const trace::LumaFrame& frame) {
    grid_.average_down(frame.luma, frame.stride, cells_.data());
    std::vector<float> field(cells_.size());
    extractor_.field(cells_.data(), grid_.size(), field.data());
    read_alone(field, frame.time);
    waiting_.push_back(frame.time);
    tracker_.add(std::move(field));
  }

  /// `duration` of the copy, `frame_duration` of one frame of it: seconds.
  Recovery finish(double duration, double frame_duration) {
    tracker_.flush();
    const auto seconds = static_cast<std::size_t>(std::max(0.0, std::floor(duration + frame_duration)));
    for (std::size_t i = 0; i < kWindows.size(); ++i)
      result_.windows[i] = read_windows(static_cast<std::size_t>(kWindows[i]), seconds);
    if (result_.frames.count > 0) {
      result_.mean_z /= result_.frames.count;
      result_.bit_accuracy /= result_.frames.count;
    }
    return result_;
  }

 private:
  void read_alone(const std::vector<float>& field, double time) {
    FrameReading frame{};
    frame.time = time;
    frame.epoch = reader_.likeliest_phase(field.data());
    frame.pilot = reader_.pilot(field.data(), frame.epoch);
    steg::TickSums ticks(grid_.size(), extractor_.chip_format());
    ticks.add(field.data(), {0, frame.epoch});
    const steg::FieldSum alone = by_epoch(ticks);
    const steg::SoftBits z = reader_.soft_bits(alone);
    for (std::size_t bit = 0; bit < z.size(); ++bit) {
      const double aligned = codeword_[bit] ? -z[bit] : z[bit];
      frame.mean_z += aligned / steg::kCodeBits;
      frame.bit_accuracy += (aligned > 0 ? 1.0 : 0.0) / steg::kCodeBits;
    }
    frame.signature = reader_.signature(alone, plan_.id);
    frame.found = read(alone);
    ++result_.frames.count;
    result_.frames.found += frame.found ? 1 : 0;
    result_.mean_z += frame.mean_z;
    result_.bit_accuracy += frame.bit_accuracy;
    if (plan_.each_frame) plan_.each_frame(frame);
  }

  /// As one who knows nothing of the rest of the copy finds the epochs of the day.
  steg::FieldSum by_epoch(const steg::TickSums& ticks) const {
    return steg::DayTracker(reader_, steg::DayClock()).resolve(ticks, 0, 0);
  }

  void sum(const std::vector<float>& field, int phase) {
    const auto second = static_cast<std::size_t>(waiting_.front());
    const steg::Tick tick = chains_.add(phase, waiting_.front());
    waiting_.pop_front();
    while (seconds_.size() <= second) seconds_.emplace_back(grid_.size(), extractor_.chip_format());
    seconds_[second].add(field.data(), tick);
  }

  Share read_windows(std::size_t length, std::size_t seconds) {
    Share share;
    std::size_t windows = seconds / length;
    if (windows == 0) windows = 1;
    for (std::size_t window = 0; window < windows; ++window) {
      steg::TickSums total(grid_.size(), extractor_.chip_format());
      for (std::size_t second = window * length; second < (window + 1) * length && second < seconds_.size(); ++second)
        total.add(seconds_[second]);
      ++share.count;
      share.found += read(by_epoch(total)) ? 1 : 0;
    }
    return share;
  }

  /// Whether the ID comes out; another one is counted.
  bool read(const steg::FieldSum& fields) {
    const std::optional<steg::Reading> reading = reader_.read(fields);
    if (reading && reading->id != plan_.id) ++result_.wrong;
    return reading && reading->id == plan_.id;
  }

  const ReadPlan& plan_;
  steg::Extractor& extractor_;
  steg::LumaGrid grid_;
  steg::Reader reader_;
  steg::Codeword codeword_;
  steg::EpochTracker tracker_;
  steg::TickChains chains_;
  std::vector<float> cells_;
  std::deque<double> waiting_;           ///< times of the frames whose phase is not decided yet
  std::vector<steg::TickSums> seconds_;  ///< sums of the frames of each second
  Recovery result_;
};

}  // namespace

Recovery read_copy(const std::filesystem::path& file, const ReadPlan& plan, steg::Extractor& extractor) {
  trace::MediaReader media(file);
  std::optional<CopyReader> copy;
  trace::FrameSampler sampler(plan.rate);
  double end = 0;
  double frame_duration = 0;
  const auto take = [&](const trace::LumaFrame& frame) {
    end = frame.time + frame.duration;
    frame_duration = frame.duration;
    if (!sampler.takes(frame.time, frame.duration)) return;
    if (!copy) copy.emplace(plan, extractor, frame.width, frame.height);
    copy->take(frame);
  };
  while (media.next(take)) {
  }
  if (!copy) throw std::runtime_error("there is no frame in " + file.string());
  Recovery result = copy->finish(end, frame_duration);
  result.kbps = end > 0 ? static_cast<double>(std::filesystem::file_size(file)) * 8 / 1000 / end : 0;
  return result;
}

}  // namespace robustness
