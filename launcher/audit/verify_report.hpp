// What is said of a log that is verified.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "plugins/auditlog/verify_log.hpp"

namespace auditor {

enum class Loudness {
  all,       ///< also what is intact
  findings,  ///< only what is wrong
};

/// Verifies all streams, or one (empty: all), and prints what was found. Throws AuditError.
audit::LogReport verify_and_print(const std::string& database, const std::string& stream,
                                  const std::vector<audit::ChainKey>& keys, const audit::KnownHeads& known,
                                  Loudness loudness);

}  // namespace auditor
