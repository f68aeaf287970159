// Walking the hash chain: was the log altered?
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chain.hpp"

namespace audit {

struct Finding {
  enum class Kind {
    missing,      ///< rows `seq` to `last` are not there
    altered,      ///< the row's hash is not that of its content under the key
    moved,        ///< the row is that of another place in the chain, `last`
    broken_link,  ///< the row is genuine, but follows another row than the one before it
    unknown_key,  ///< the row was written with a key that was not given
  };
  Kind kind;
  std::int64_t seq;
  std::int64_t last;
  std::string text;  ///< a sentence
};

struct ChainReport {
  std::int64_t rows = 0;  ///< how many were read
  Head head;              ///< of the last row
  std::vector<Finding> findings;
  bool intact() const { return findings.empty(); }
};

/// Reads all rows of a stream in order and checks numbers, links and hashes. `keys`: those the log was written with.
/// `known`: an end of the chain noted earlier, which the log must contain: rows removed from the end show only so.
/// Stops after `most` findings. Throws AuditError if the database cannot be read.
ChainReport verify_chain(const std::string& database_uri, const std::string& stream, const std::vector<ChainKey>& keys,
                         const std::optional<Head>& known = std::nullopt, std::size_t most = 100);

/// The streams that the log has rows of. Throws AuditError.
std::vector<std::string> streams(const std::string& database_uri);

}  // namespace audit
