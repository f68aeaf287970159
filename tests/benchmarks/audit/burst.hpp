// How fast one writer gets records of many streams into a database.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace bench {

struct Rate {
  std::string what;
  double seconds;
  double records_per_second;
};

/// `records` records (an open and a close event each) of `streams` streams as fast as one writer takes them: through
/// the spool, durably, into the database.
Rate write_burst(const std::string& what, const std::string& database, const std::string& spool, std::int64_t records,
                 int streams);

/// Verifies the whole log, which must be as it was written. The rate is of records, as above.
Rate verify(const std::string& what, const std::string& database);

struct Sustained {
  std::string what;
  int seconds;
  std::size_t most_waiting;  ///< events that were not in the database, at worst
  std::size_t last_waiting;  ///< when the last second was over
};

/// Every stream changes its ID every second, for that long in real time.
Sustained write_steadily(const std::string& what, const std::string& database, const std::string& spool, int streams,
                         int seconds);

}  // namespace bench
