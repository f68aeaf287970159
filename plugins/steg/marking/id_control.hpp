// The ID to embed: set from any thread, taken up by the streaming thread without waiting.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "id_patterns.hpp"

namespace steg {

/// For use from any thread. Where a size is known, the pattern of a new ID is made by the thread that sets it, and only
/// then does the ID become the one to embed.
class IdControl {
 public:
  /// Throws IdError or ModelError; the ID is then as before.
  void set_id(const std::string& id);
  /// Empty if none has been set.
  std::string id() const;

  void start(std::shared_ptr<PatternMaker> maker);
  /// Lets go of the maker, the size and all patterns; the ID stays.
  void stop();

  /// Between start() and stop(), from the streaming thread: what the pictures to come are like.
  void set_size(const PatternSize& size);
  /// From the streaming thread after set_size(): the patterns to use for a picture of that epoch.
  std::shared_ptr<IdPatterns> current(int epoch);

 private:
  std::mutex setting_;  ///< held while an ID is set, so that the last call wins; taken before lock_
  mutable std::mutex lock_;
  std::string id_;
  std::shared_ptr<PatternMaker> maker_;
  std::optional<PatternSize> size_;
  int epoch_ = 0;
  std::shared_ptr<IdPatterns> patterns_;
};

}  // namespace steg
