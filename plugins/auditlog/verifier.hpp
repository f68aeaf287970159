// Reads back what was written.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

#include "chain.hpp"
#include "connection.hpp"
#include "listener.hpp"
#include "writer_stats.hpp"

namespace audit {

/// Compares the rows of this run in the database with the chain, a part of them at a time. For one thread.
class Verifier {
 public:
  using Time = Deadline::Clock::time_point;

  Verifier(std::string stream, const ChainKey& key, Listener listener, SharedStats& stats);

  /// The rows of this run come behind `before`. Only the first call counts.
  void begin_behind(const Head& before);
  /// Whether rows up to `end` were not read back yet.
  bool has_more(const Head& end) const { return verified_ && verified_->seq < end.seq; }
  /// Reads the next ones, if there are any, and tells of those that were changed. Throws DatabaseError.
  void read_back(Connection& connection, const Head& end);
  /// When to do so.
  Time next() const { return next_; }
  /// The last row that was read back, if all of them were found as they were written: an end that can be vouched for.
  std::optional<Head> intact_end() const { return stats_.get().tampered == 0 ? verified_ : std::nullopt; }

 private:
  std::string stream_;
  ChainKey key_;
  Listener listener_;
  SharedStats& stats_;
  std::optional<Head> verified_;  ///< nothing before the first row of this run
  Time next_ = Time::min();
};

}  // namespace audit
