// SPDX-License-Identifier: LGPL-2.1-or-later
#include "id_patterns.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "../watermark/chip_smoothing.hpp"

namespace steg {

PatternMaker::PatternMaker(const Key& key, std::shared_ptr<Encoder> encoder)
    : chips_(key), encoder_(std::move(encoder)) {}

std::unique_ptr<Pattern> PatternMaker::make(const std::string& id, const PatternSize& size, int epoch) {
  const std::lock_guard<std::mutex> lock(preparing_);
  std::optional<ChipLayout>& layout = layouts_.at(static_cast<std::size_t>(epoch));
  if (!layout || layout->size != size.grid) layout = chips_.layout(size.grid, epoch);
  std::vector<float> chips = chips_.frame(id, *layout);
  if (encoder_->contract().version == 1) smooth_chips(size.grid, size.pixels, chips);
  return encoder_->prepare(chips, size.grid, size.pixels);
}

IdPatterns::IdPatterns(std::shared_ptr<PatternMaker> maker, std::string id, const PatternSize& size)
    : maker_(std::move(maker)), id_(std::move(id)), size_(size) {}

const Pattern* IdPatterns::made(int epoch) {
  const std::lock_guard<std::mutex> lock(patterns_lock_);
  return patterns_[static_cast<std::size_t>(epoch)].get();
}

const Pattern& IdPatterns::pattern(int epoch) {
  // A pattern that is there must not wait for one that is being made.
  if (const Pattern* ready = made(epoch)) return *ready;
  const std::lock_guard<std::mutex> making(making_);
  if (const Pattern* ready = made(epoch)) return *ready;
  std::unique_ptr<Pattern> fresh = maker_->make(id_, size_, epoch);
  const std::lock_guard<std::mutex> lock(patterns_lock_);
  std::unique_ptr<Pattern>& slot = patterns_[static_cast<std::size_t>(epoch)];
  slot = std::move(fresh);
  return *slot;
}

}  // namespace steg
