// SPDX-License-Identifier: LGPL-2.1-or-later
#include "self_check.hpp"

#include <cmath>
#include <exception>
#include <utility>

#include "plugins/steg/watermark/segment_mark.hpp"

namespace steg {

SelfCheck::SelfCheck(const Key& key, std::shared_ptr<Extractor> extractor, Sink sink)
    : key_(key), extractor_(std::move(extractor)), sink_(std::move(sink)), thread_([this] { run(); }) {}

SelfCheck::~SelfCheck() {
  {
    const std::lock_guard<std::mutex> lock(lock_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

bool SelfCheck::offer(const PictureView& picture, const Embedded& embedded) {
  {
    const std::lock_guard<std::mutex> lock(lock_);
    if (work_) return false;
  }
  if (!grid_ || picture.shape != shape_) {
    grid_.emplace(PictureGrid(picture.shape, extractor_->contract().planes));
    shape_ = picture.shape;
  }
  Work work{grid_->size(), std::vector<float>(grid_->layout().cells()), embedded};
  grid_->average_down(picture, work.cells.data());
  {
    const std::lock_guard<std::mutex> lock(lock_);
    work_ = std::move(work);
  }
  wake_.notify_one();
  return true;
}

void SelfCheck::run() {
  std::unique_lock<std::mutex> lock(lock_);
  while (true) {
    wake_.wait(lock, [this] { return stop_ || work_; });
    if (stop_) return;
    lock.unlock();
    SelfCheckResult result;
    try {
      result = read(*work_);
    } catch (const std::exception& error) {
      result.error = error.what();
    }
    result.embedded = work_->embedded;
    sink_(result);
    lock.lock();
    work_.reset();
  }
}

SelfCheckResult SelfCheck::read(const Work& work) {
  if (!reader_ || reader_->size() != work.size)
    reader_ = std::make_unique<Reader>(key_, work.size, extractor_->chip_format());
  std::vector<float> field(static_cast<std::size_t>(work.size.cells()));
  extractor_->field(work.cells.data(), work.size, field.data());
  FieldSum sum(work.size, extractor_->chip_format());
  sum.add(field.data(), work.embedded.epoch);

  SelfCheckResult result;
  result.reading = reader_->reading_of(sum, work.embedded.id);
  result.margin = result.reading.signature - std::sqrt(-2.0 * std::log(kDefaultMaxPValue));
  ReadOptions options;
  options.segments = segment_of(work.embedded.id).has_value();
  const std::optional<Reading> blind = reader_->read(sum, options);
  result.blind = blind && blind->id == work.embedded.id;
  return result;
}

}  // namespace steg
