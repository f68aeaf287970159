// SPDX-License-Identifier: LGPL-2.1-or-later
#include "deliverer.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
#include <utility>

#include "schema.hpp"

namespace audit {

namespace {

/// Rows in a transaction: what many of them share (pages of indexes, the commit) makes large ones cheaper for each;
/// what takes too long fails.
constexpr std::size_t kFewestRows = 100;
constexpr std::size_t kMostRows = 20000;
constexpr auto kShortTransaction = std::chrono::seconds(2);
/// So many times as long as a transaction took, the next one gathers rows, which are safe in the spool.
constexpr int kRestFactor = 8;
constexpr auto kLongestRest = std::chrono::seconds(4);
constexpr auto kFirstBackoff = std::chrono::milliseconds(250);
constexpr auto kLongestBackoff = std::chrono::milliseconds(8000);
constexpr int kConflictTries = 20;

std::chrono::milliseconds jittered(std::chrono::milliseconds time) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  return std::chrono::milliseconds(
      std::uniform_int_distribution<std::int64_t>(time.count() * 3 / 4, time.count())(random));
}

}  // namespace

Deliverer::Deliverer(std::string database, std::string stream, const ChainKey& key, Listener listener,
                     SharedStats& stats, const Deadline& deadline)
    : database_(std::move(database)),
      stream_(std::move(stream)),
      key_(key),
      listener_(std::move(listener)),
      stats_(stats),
      deadline_(deadline),
      backoff_(kFirstBackoff) {
  try {
    open_connection();
    stats_.change([](WriterStats& numbers) { numbers.connected = true; });
  } catch (const DatabaseError& error) {
    if (error.kind() == DatabaseError::Kind::refused) throw;
    absent_ = error.what();
  }
}

void Deliverer::open_connection() {
  auto connection = connect(database_, Access::write, deadline_);
  prepare_schema(*connection);
  connection_ = std::move(connection);
}

Head Deliverer::head() const {
  const auto end = heads_.find(stream_);
  return end == heads_.end() ? Head() : end->second;
}

Appended Deliverer::write(const std::vector<Row>& rows) {
  if (!connection_) open_connection();
  const Time begin = Deadline::Clock::now();
  Appended appended = append(*connection_, key_, rows, heads_);
  took_ = Deadline::Clock::now() - begin;
  for (const std::string& stream : appended.cut_streams)
    listener_.problem("In the database, the log of stream \"" + stream +
                      "\" ends before a row that was written: rows were removed, or the database was restored from an "
                      "older copy. The log goes on behind the gap.");
  // Told before it shows in the numbers.
  if (std::exchange(failing_, false)) listener_.recovered("The audit database is written again.");
  conflicts_ = 0;
  backoff_ = kFirstBackoff;
  if (took_ < kShortTransaction) batch_rows_ = std::min(2 * batch_rows_, kMostRows);
  stats_.change([&](WriterStats& numbers) {
    numbers.connected = true;
    numbers.last_seq = head().seq;
  });
  return appended;
}

void Deliverer::rest() {
  const WriterStats left = stats_.get();
  const bool may_rest = left.held == 0 && left.spooled < batch_rows_;
  retry_ = may_rest ? Deadline::Clock::now() + std::min<Deadline::Clock::duration>(kRestFactor * took_, kLongestRest)
                    : Time::min();
}

bool Deliverer::tries_again() { return ++conflicts_ < kConflictTries; }

void Deliverer::failed(const std::string& reason, const std::string& meanwhile) {
  connection_.reset();
  conflicts_ = 0;
  batch_rows_ = std::max(batch_rows_ / 2, kFewestRows);
  if (!std::exchange(failing_, true)) listener_.problem(reason + meanwhile);
  stats_.change([&](WriterStats& numbers) {
    numbers.failed += 1;
    numbers.connected = false;
    numbers.last_error = reason;
  });
  retry_ = Deadline::Clock::now() + jittered(backoff_);
  backoff_ = std::min(backoff_ * 2, kLongestBackoff);
}

}  // namespace audit
