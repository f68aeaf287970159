// Monthly partitions of the event table in PostgreSQL.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "connection.hpp"

namespace audit {

/// Rows of months that have no partition of their own go here, so that none is ever refused.
inline constexpr const char* kOtherPartition = "steg_audit_event_other";

bool is_partitioned(Connection& connection);

/// The month after that of a minute, as "2026-12".
std::string next_month(const std::string& minute);

/// Adds partitions for `months` months from the one with `minute` (as Event::minute) on, where they are missing; rows
/// of these months move there. Returns how many were added. Needs a transaction around it.
int add_partitions(Connection& connection, const std::string& minute, int months);

struct Partition {
  std::string name;
  std::string first_minute;  ///< the month as "2026-11"; empty for kOtherPartition
  std::string end_minute;    ///< the month after it
};
std::vector<Partition> partitions(Connection& connection);

}  // namespace audit
