// SPDX-License-Identifier: LGPL-2.1-or-later
#include "stream_reader.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace steg {

namespace {

constexpr double kTries = 2;  // a window by itself, and with those before it
constexpr std::size_t kMostUnread = 16;

double seconds(std::uint64_t time) { return static_cast<double>(time) / 1e9; }

}  // namespace

StreamReader::Sized::Sized(const Key& key, const Extractor& extractor, const DayClock& clock, const PictureShape& shape)
    : grid(shape, extractor.contract().planes),
      reader(key, grid.size(), extractor.chip_format()),
      chains(extractor.chip_format(), clock),
      days(reader, clock),
      sum(grid.size(), extractor.chip_format()),
      tracker(reader, [this](const std::vector<float>& field, int phase) { take(field, phase); }) {}

void StreamReader::Sized::take(const std::vector<float>& field, int phase) {
  last = chains.add(phase, seconds(waiting.front()));
  waiting.pop_front();
  sum.add(field.data(), last);
}

StreamReader::StreamReader(const Key& key, std::shared_ptr<Extractor> extractor)
    : key_(key), extractor_(std::move(extractor)) {}

void StreamReader::set_picture_shape(const PictureShape& shape) {
  sized_ = std::make_unique<Sized>(key_, *extractor_, clock_, shape);
  cells_.resize(sized_->grid.layout().cells());
  frames_ = 0;
}

std::optional<WindowReading> StreamReader::advance(std::uint64_t time) {
  const bool open = frames_ > 0;
  if (open && (time < last_time_ || time - first_time_ >= options_.window)) return finish();
  return std::nullopt;
}

bool StreamReader::due(std::uint64_t time) const {
  // The last frame taken may belong to the window before: the interval goes on across windows.
  return frames_read_ == 0 || time < last_time_ || time - last_time_ >= options_.interval;
}

void StreamReader::add(const PictureView& picture, std::uint64_t time) {
  sized_->grid.average_down(picture, cells_.data());
  std::vector<float> field(sized_->grid.layout().plane_cells());
  extractor_->field(cells_.data(), sized_->grid.size(), field.data());
  sized_->waiting.push_back(time);
  sized_->tracker.add(std::move(field));
  if (frames_ == 0) first_time_ = time;
  last_time_ = time;
  ++frames_;
  ++frames_read_;
}

std::optional<Reading> StreamReader::read(const Window& window) {
  ReadOptions options;
  options.hypotheses = kTries;
  options.max_p_value = options_.max_p_value;
  return sized_->reader.read(sized_->days.resolve(window.sum, seconds(window.first_time), seconds(window.last_time)),
                             options);
}

StreamReader::Window StreamReader::with_unread(const Window& window) const {
  Window all = sized_->unread.front();
  const auto add = [&all](const Window& other) {
    all.sum.add(other.sum);
    all.frames += other.frames;
    all.last_time = other.last_time;
  };
  std::for_each(std::next(sized_->unread.begin()), sized_->unread.end(), add);
  add(window);
  return all;
}

void StreamReader::keep_unread(Window window) {
  std::deque<Window>& unread = sized_->unread;
  unread.push_back(std::move(window));
  while (!unread.empty() &&
         (unread.size() > kMostUnread || unread.back().last_time - unread.front().first_time >= options_.memory))
    unread.pop_front();
}

std::optional<WindowReading> StreamReader::finish() {
  if (frames_ == 0) return std::nullopt;
  sized_->tracker.flush();
  ++windows_read_;
  Window window{sized_->sum, frames_, first_time_, last_time_};
  sized_->sum.clear();
  frames_ = 0;
  std::deque<Window>& unread = sized_->unread;
  if (!unread.empty() && window.first_time < unread.back().last_time) unread.clear();  // time jumped back
  std::optional<Reading> reading = read(window);
  if (!reading && !unread.empty()) {
    Window all = with_unread(window);
    reading = read(all);
    if (reading) window = std::move(all);
  }
  const auto epoch = sized_->days.epoch_of(sized_->last);
  WindowReading said{reading,
                     window.frames,
                     window.first_time,
                     window.last_time,
                     epoch ? epoch->number : phase_of(sized_->last.number),
                     std::nullopt,
                     windows_read_};
  const DayClock& clock = sized_->days.clock();
  if (window.sum.format() == ChipFormat::day && reading && epoch && clock.tells_time())
    said.marked = clock.begin(epoch->number);
  if (reading)
    unread.clear();
  else
    keep_unread(std::move(window));
  return said;
}

void StreamReader::drop() {
  if (!sized_) return;
  sized_->tracker.reset();
  sized_->chains.reset();
  sized_->waiting.clear();
  sized_->sum.clear();
  sized_->unread.clear();
  frames_ = 0;
}

}  // namespace steg
