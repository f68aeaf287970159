// SPDX-License-Identifier: LGPL-2.1-or-later
#include "id_patterns.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "plugins/steg/watermark/chip_smoothing.hpp"

namespace steg {

PatternMaker::PatternMaker(const Key& key, std::shared_ptr<Encoder> encoder)
    : chips_(key, encoder->chip_format()), encoder_(std::move(encoder)) {}

std::unique_ptr<Pattern> PatternMaker::make(const std::string& id, const PatternSize& size, int epoch) {
  const std::lock_guard<std::mutex> lock(preparing_);
  const int phase = phase_of(epoch);
  std::optional<ChipLayout>& layout = layouts_.at(static_cast<std::size_t>(phase));
  if (!layout || layout->size != size.grid) layout = chips_.phase_layout(size.grid, phase);
  std::vector<float> chips = chips_.frame(id, chips_.layout(*layout, epoch));
  if (encoder_->contract().version == 1) smooth_chips(size.grid, size.pixels, chips);
  return encoder_->prepare(chips, size.grid, size.pixels);
}

IdPatterns::IdPatterns(std::shared_ptr<PatternMaker> maker, std::string id, const PatternSize& size)
    : maker_(std::move(maker)), id_(std::move(id)), size_(size) {}

std::shared_ptr<const Pattern> IdPatterns::made(int epoch) {
  const std::lock_guard<std::mutex> lock(patterns_lock_);
  const auto found = std::find_if(patterns_.begin(), patterns_.end(),
                                  [epoch](const Made& made) { return made.pattern && made.epoch == epoch; });
  if (found == patterns_.end()) return nullptr;
  std::rotate(patterns_.begin(), found, std::next(found));
  return patterns_.front().pattern;
}

std::shared_ptr<const Pattern> IdPatterns::pattern(int epoch) {
  // A pattern that is there must not wait for one that is being made.
  if (auto ready = made(epoch)) return ready;
  const std::lock_guard<std::mutex> making(making_);
  if (auto ready = made(epoch)) return ready;
  Made fresh{epoch, maker_->make(id_, size_, epoch)};
  const std::lock_guard<std::mutex> lock(patterns_lock_);
  std::rotate(patterns_.begin(), std::prev(patterns_.end()), patterns_.end());
  std::swap(patterns_.front(), fresh);
  return patterns_.front().pattern;
}

}  // namespace steg
