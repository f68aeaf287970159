// What is said of streams that are verified.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "verify_chain.hpp"

namespace auditor {

using KnownHeads = std::map<std::string, std::vector<audit::Head>>;  ///< by stream

enum class Loudness {
  all,       ///< also what is intact
  findings,  ///< only what is wrong
};

/// Verifies the streams and prints what was found. Returns whether all are intact. `heads`: gets their ends.
bool verify_streams(audit::Connection& connection, const std::vector<std::string>& streams,
                    const std::vector<audit::ChainKey>& keys, const KnownHeads& known, Loudness loudness,
                    audit::Heads* heads = nullptr);

}  // namespace auditor
