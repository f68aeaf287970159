// Whether the whole log is as it was written.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "verify_chain.hpp"

namespace audit {

/// Ends of chains noted elsewhere, by stream.
using KnownHeads = std::map<std::string, std::vector<Head>>;

struct LogReport {
  std::vector<std::string> findings;  ///< of no stream: sentences about the tables
  std::map<std::string, ChainReport> streams;
  bool intact() const;
  std::int64_t rows() const;  ///< of all streams
};

/// Verifies all streams, or one (empty: all), and that the tables are what they seem. Finds at most `most` things in a
/// stream. `genuine` takes each row that is as it was written. Throws DatabaseError.
LogReport verify_log(Connection& connection, const std::vector<ChainKey>& keys, const KnownHeads& known = {},
                     const std::string& stream = "", std::size_t most = 100, const RowSink& genuine = {});

}  // namespace audit
