// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recovery.hpp"

#include <cmath>
#include <deque>
#include <optional>
#include <vector>

#include "launcher/trace/frame_sampler.hpp"
#include "launcher/trace/max_pixels.hpp"
#include "launcher/trace/media_reader.hpp"
#include "plugins/steg/reading/day_tracker.hpp"
#include "plugins/steg/reading/epoch_tracker.hpp"
#include "plugins/steg/watermark/picture_grid.hpp"
#include "plugins/steg/watermark/reading.hpp"

namespace robustness {
namespace {

/// The frames of one copy, all on one grid.
class CopyReader {
 public:
  CopyReader(const ReadPlan& plan, steg::Extractor& extractor, const steg::PictureShape& shape)
      : plan_(plan),
        extractor_(extractor),
        grid_(shape, extractor.contract().planes),
        reader_(steg::Key::public_default(), grid_.size(), extractor.chip_format()),
        codeword_(reader_.chips().codeword(plan.id)),
        chains_(extractor.chip_format(), steg::DayClock()),
        tracker_(reader_, [this](const std::vector<float>& field, int phase) { sum(field, phase); }),
        cells_(grid_.layout().cells()) {}

  void take(const trace::MediaFrame& frame) {
    grid_.average_down(frame.picture, cells_.data());
    std::vector<float> field(grid_.layout().plane_cells());
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
    const steg::FieldSum all = resolved(0, seconds_.size());
    result_.signature = reader_.signature(all, plan_.id);
    result_.whole = {1, read(all) ? 1 : 0};
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
    steg::TickSums tick = no_ticks();
    tick.add(field.data(), {0, frame.epoch});
    const steg::FieldSum alone = steg::DayTracker(reader_, steg::DayClock()).resolve(tick, frame.time, frame.time);
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

  void sum(const std::vector<float>& field, int phase) {
    const double time = waiting_.front();
    waiting_.pop_front();
    const auto second = static_cast<std::size_t>(time);
    while (seconds_.size() <= second) seconds_.push_back(no_ticks());
    seconds_[second].add(field.data(), chains_.add(phase, time));
  }

  steg::TickSums no_ticks() const { return {grid_.size(), extractor_.chip_format()}; }

  /// The sum of those seconds, whose time of day nobody knows.
  steg::FieldSum resolved(std::size_t first, std::size_t last) const {
    steg::TickSums total = no_ticks();
    for (std::size_t second = first; second < last && second < seconds_.size(); ++second) total.add(seconds_[second]);
    return steg::DayTracker(reader_, steg::DayClock())
        .resolve(total, static_cast<double>(first), static_cast<double>(last));
  }

  Share read_windows(std::size_t length, std::size_t seconds) {
    Share share;
    std::size_t windows = seconds / length;
    if (windows == 0) windows = 1;
    for (std::size_t window = 0; window < windows; ++window) {
      ++share.count;
      share.found += read(resolved(window * length, (window + 1) * length)) ? 1 : 0;
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
  steg::PictureGrid grid_;
  steg::Reader reader_;
  steg::Codeword codeword_;
  steg::TickChains chains_;
  steg::EpochTracker tracker_;
  std::vector<float> cells_;
  std::deque<double> waiting_;           ///< times of the frames whose epoch is not decided yet
  std::vector<steg::TickSums> seconds_;  ///< sums of the frames of each second
  Recovery result_;
};

}  // namespace

Recovery read_copy(const std::filesystem::path& file, const ReadPlan& plan, steg::Extractor& extractor) {
  trace::MediaReader media(file, trace::kDefaultMaxPixels);
  std::optional<CopyReader> copy;
  trace::FrameSampler sampler(plan.rate);
  double end = 0;
  double frame_duration = 0;
  const auto take = [&](const trace::MediaFrame& frame) {
    end = frame.time + frame.duration;
    frame_duration = frame.duration;
    if (!sampler.takes(frame.time, frame.duration)) return;
    if (!copy) copy.emplace(plan, extractor, frame.picture.shape);
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
