// Adding to the log.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "chain.hpp"
#include "connection.hpp"
#include "event.hpp"

namespace audit {

struct Appended {
  std::size_t written = 0;               ///< events that are new in the database
  std::size_t known = 0;                 ///< events that an earlier attempt had written
  std::vector<std::string> cut_streams;  ///< streams whose chain ends earlier in the database than it did
  Heads before;                          ///< where the chains ended before
};

/// Writes the rows of events (as to_row() gives them), oldest first, in one transaction at the ends of their streams'
/// chains, each exactly once: an event is known by session, record and kind. Where a chain in the database ends before
/// `heads` says, it goes on from `heads`, so that the gap shows. `heads` moves on when the transaction is committed.
/// Throws DatabaseError; then nothing is written, or all was and the next attempt finds it.
Appended append(Connection& connection, const ChainKey& key, const std::vector<Row>& events, Heads& heads);

/// The end of a chain as the database has it.
struct StoredHead {
  Head head;
  bool row_is_there = false;  ///< whether the row itself is there as it was written
};
/// Of the streams that have any.
std::map<std::string, StoredHead> heads_in_database(Connection& connection, const std::set<std::string>& streams);

/// Inserts rows that are chained already, with the notes of where their streams' chains end. Needs a transaction around
/// it.
void insert_rows(Connection& connection, const std::vector<Row>& rows);

}  // namespace audit
