// The tables of the audit log, the same in every database.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "chain.hpp"
#include "connection.hpp"
#include "event.hpp"

namespace audit {

inline constexpr int kSchemaVersion = 1;

/// Creates the tables if there are none. Throws DatabaseError, of kind refused if they are of another version.
void prepare_schema(Connection& connection);

/// Throws DatabaseError unless the tables are there, of this version.
void check_schema(Connection& connection);

struct Appended {
  std::size_t written = 0;               ///< events that are new in the database
  std::size_t known = 0;                 ///< events that an earlier attempt had written
  std::vector<std::string> cut_streams;  ///< streams whose chain ends earlier in the database than we know
};

/// Writes events, oldest first, in one transaction at the ends of their streams' chains, each exactly once: an event
/// is known by session, record and kind. Where a chain in the database ends before `heads` says, it goes on from
/// `heads`, so that the gap shows. `heads` moves on when the transaction is committed. Throws DatabaseError; then
/// nothing is written, or all was and the next attempt finds it.
Appended append(Connection& connection, const ChainKey& key, const std::vector<Event>& events, Heads& heads);

}  // namespace audit
