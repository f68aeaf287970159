// The encoder's patterns of one ID, by epoch.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "plugins/steg/model/encoder.hpp"
#include "plugins/steg/watermark/chips.hpp"

namespace steg {

/// What patterns are made for.
struct PatternSize {
  GridSize grid;
  float pixels;  ///< along the side of a cell
  bool operator==(const PatternSize& other) const { return grid == other.grid && pixels == other.pixels; }
};

/// Makes patterns, one at a time: Encoder::prepare() must not run twice at once. For use from any thread.
class PatternMaker {
 public:
  PatternMaker(const Key& key, std::shared_ptr<Encoder> encoder);
  /// Throws IdError, ModelError.
  std::unique_ptr<Pattern> make(const std::string& id, const PatternSize& size, int epoch);

 private:
  Chips chips_;
  std::shared_ptr<Encoder> encoder_;
  std::mutex preparing_;
  /// What is the same for all IDs and all epochs of a phase, half of the work; under preparing_.
  std::array<std::optional<ChipLayout>, kEpochs> layouts_;
};

/// The patterns of one ID for one size, made when first asked for. Those of the kKept epochs that were asked for last
/// are kept: the one that goes on, the next, which is made ahead, and the one before. For use from any thread.
class IdPatterns {
 public:
  IdPatterns(std::shared_ptr<PatternMaker> maker, std::string id, const PatternSize& size);

  const std::string& id() const { return id_; }
  /// The pattern of an epoch. Returns at once if it is there; else makes it, or waits for the thread that is making it.
  /// Throws IdError, ModelError.
  std::shared_ptr<const Pattern> pattern(int epoch);

  static constexpr std::size_t kKept = 3;

 private:
  struct Made {
    int epoch;
    std::shared_ptr<const Pattern> pattern;
  };
  std::shared_ptr<const Pattern> made(int epoch);

  const std::shared_ptr<PatternMaker> maker_;
  const std::string id_;
  const PatternSize size_;
  std::mutex making_;  ///< held while a pattern is made; taken before patterns_lock_
  std::mutex patterns_lock_;
  std::array<Made, kKept> patterns_{};  ///< the one that was asked for last first
};

}  // namespace steg
