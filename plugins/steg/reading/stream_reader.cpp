// SPDX-License-Identifier: LGPL-2.1-or-later
#include "stream_reader.hpp"

#include <utility>

namespace steg {

StreamReader::Sized::Sized(const Key& key, const PictureShape& shape, int planes)
    : grid(shape, planes),
      reader(key, grid.size()),
      sum(grid.size()),
      tracker(reader, [this](const std::vector<float>& field, int of_epoch) {
        sum.add(field.data(), of_epoch);
        epoch = of_epoch;
      }) {}

StreamReader::StreamReader(const Key& key, std::shared_ptr<Extractor> extractor)
    : key_(key), extractor_(std::move(extractor)) {}

void StreamReader::set_picture_shape(const PictureShape& shape) {
  sized_ = std::make_unique<Sized>(key_, shape, extractor_->contract().planes);
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
  sized_->tracker.add(std::move(field));
  if (frames_ == 0) first_time_ = time;
  last_time_ = time;
  ++frames_;
  ++frames_read_;
}

std::optional<WindowReading> StreamReader::finish() {
  if (frames_ == 0) return std::nullopt;
  sized_->tracker.flush();
  ++windows_read_;
  ReadOptions options;
  options.max_p_value = options_.max_p_value;
  WindowReading window{
      sized_->reader.read(sized_->sum, options), frames_, first_time_, last_time_, sized_->epoch, windows_read_};
  sized_->sum.clear();
  frames_ = 0;
  return window;
}

void StreamReader::drop() {
  if (!sized_) return;
  sized_->tracker.reset();
  sized_->sum.clear();
  frames_ = 0;
}

}  // namespace steg
