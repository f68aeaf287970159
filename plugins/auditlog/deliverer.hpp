// Writes what waits to the database.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "chain.hpp"
#include "connection.hpp"
#include "listener.hpp"
#include "store.hpp"
#include "writer_stats.hpp"

namespace audit {

/// Holds the connection and the ends of the chains; finds out how many rows go well in a transaction, and when to try
/// again. For one thread.
class Deliverer {
 public:
  using Time = Deadline::Clock::time_point;

  /// Opens the database. Throws DatabaseError if it refuses; absent() says so if it is not there.
  Deliverer(std::string database, std::string stream, const ChainKey& key, Listener listener, SharedStats& stats,
            const Deadline& deadline);

  const std::string& absent() const { return absent_; }
  /// Where an earlier run left the chains.
  void go_on_from(const Heads& heads) { heads_ = heads; }

  /// Null after a failure.
  Connection* connection() const { return connection_.get(); }
  const Heads& heads() const { return heads_; }
  /// The end of the stream's own chain.
  Head head() const;
  std::size_t batch_rows() const { return batch_rows_; }
  Time retry() const { return retry_; }

  /// Writes the rows in one transaction. Throws AuditError; then failed() or, if another writer was quicker,
  /// tries_again().
  Appended write(const std::vector<Row>& rows);
  /// Says when to write next, after the rows that were written are no longer among what waits.
  void rest();
  /// Whether to try again at once after a conflict.
  bool tries_again();
  /// Closes the connection until the next try. `meanwhile`: said after the reason where this is a new outage.
  void failed(const std::string& reason, const std::string& meanwhile);

 private:
  void open_connection();

  std::string database_;
  std::string stream_;
  ChainKey key_;
  Listener listener_;
  SharedStats& stats_;
  const Deadline& deadline_;
  std::string absent_;
  std::unique_ptr<Connection> connection_;
  Heads heads_;
  std::size_t batch_rows_ = 5000;
  int conflicts_ = 0;
  bool failing_ = false;
  std::chrono::milliseconds backoff_;
  Deadline::Clock::duration took_{};  ///< the last transaction
  Time retry_ = Time::min();
};

}  // namespace audit
