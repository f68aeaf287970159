// Writes checkpoints from time to time.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "checkpoint.hpp"
#include "listener.hpp"

namespace audit {

/// Not for use from several threads.
class Checkpointer {
 public:
  /// `place`: as open_checkpoints() takes it; empty: none are written. Throws AuditError if the place cannot be one; a
  /// database that is not there for now is only told of. `deadline` must outlive it.
  Checkpointer(std::string place, std::chrono::seconds interval, const ChainKey& key, const Listener& listener,
               const Deadline& deadline);

  /// The stream's chain ends at `head` in the log. Writes a checkpoint if it has moved and the last one is older than
  /// the interval, or `at_once`.
  void note(const std::string& stream, const Head& head, bool at_once);

 private:
  std::string place_;
  std::chrono::seconds interval_;
  ChainKey key_;
  Listener listener_;
  const Deadline& deadline_;
  std::int64_t last_seq_ = 0;
  bool failing_ = false;
  Deadline::Clock::time_point next_ = Deadline::Clock::time_point::min();
};

}  // namespace audit
