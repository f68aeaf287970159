// SPDX-License-Identifier: LGPL-2.1-or-later
#include "id_control.hpp"

#include <utility>

#include "plugins/steg/watermark/payload.hpp"

namespace steg {

void IdControl::set_id(const std::string& id) {
  check_new_id(id);
  const std::lock_guard<std::mutex> setting(setting_);
  std::shared_ptr<PatternMaker> maker;
  std::optional<PatternSize> size;
  int epoch = 0;
  {
    const std::lock_guard<std::mutex> lock(lock_);
    if (id == id_) return;
    maker = maker_;
    size = size_;
    epoch = epoch_;
  }
  std::shared_ptr<IdPatterns> fresh;
  if (maker && size) {
    fresh = std::make_shared<IdPatterns>(maker, id, *size);
    fresh->pattern(epoch);
  }
  const std::lock_guard<std::mutex> lock(lock_);
  id_ = id;
  patterns_ = maker == maker_ && size == size_ ? fresh : nullptr;
}

std::string IdControl::id() const {
  const std::lock_guard<std::mutex> lock(lock_);
  return id_;
}

void IdControl::start(std::shared_ptr<PatternMaker> maker) {
  const std::lock_guard<std::mutex> lock(lock_);
  maker_ = std::move(maker);
}

void IdControl::stop() {
  const std::lock_guard<std::mutex> lock(lock_);
  maker_.reset();
  size_.reset();
  patterns_.reset();
  epoch_ = 0;
}

void IdControl::set_size(const PatternSize& size) {
  const std::lock_guard<std::mutex> lock(lock_);
  if (size_ == size) return;
  size_ = size;
  patterns_.reset();
}

std::shared_ptr<IdPatterns> IdControl::current(int epoch) {
  const std::lock_guard<std::mutex> lock(lock_);
  epoch_ = epoch;
  if (!patterns_) patterns_ = std::make_shared<IdPatterns>(maker_, id_, size_.value());
  return patterns_;
}

}  // namespace steg
