// Keeping the log no longer than it may be kept.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chain.hpp"
#include "connection.hpp"

namespace audit {

/// The rows of a stream that are older than a minute: those in front of the first that is not.
struct Cut {
  std::string stream;
  Head through;           ///< the last of them
  std::int64_t rows = 0;  ///< how many are still there
  /// Rows of schema version 1 that hold an address: their hash covers it, so it cannot be removed from them.
  std::int64_t fixed_addresses = 0;
};

/// Those of all streams, or of one (empty: all), that have any. `minute`: as Event::minute.
std::vector<Cut> rows_before(Connection& connection, const std::string& minute, const std::string& stream);

/// Removes the rows before `minute`, and adds to each stream a row (kPurge) that names the last one removed, so that
/// the chain still verifies from there. In one transaction; whole partitions are dropped where nothing in them stays.
/// Verify first: what was altered in these rows can never be found out afterwards. Needs Access::maintain. Throws
/// DatabaseError.
std::vector<Cut> purge(Connection& connection, const ChainKey& key, const std::string& minute,
                       const std::string& stream);

/// Removes the addresses, and the salts of their proofs, from the rows before `minute`, and adds a row (kAnonymise)
/// that says so. Rows of schema version 1 keep theirs. Throws DatabaseError.
std::vector<Cut> anonymise(Connection& connection, const ChainKey& key, const std::string& minute,
                           const std::string& stream);

}  // namespace audit
