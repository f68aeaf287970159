// Walking the hash chain: was the log altered?
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "chain_walk.hpp"
#include "connection.hpp"

namespace audit {

/// Reads all rows of a stream in order and checks numbers, links, hashes and addresses. `keys`: those the log was
/// written with. `known`: ends of the chain noted earlier, which the log must contain: rows removed from the end show
/// only so. Stops after `most` findings. Throws AuditError if the database cannot be read.
ChainReport verify_chain(const std::string& database_uri, const std::string& stream, const std::vector<ChainKey>& keys,
                         const std::vector<Head>& known = {}, std::size_t most = 100);
ChainReport verify_chain(Connection& connection, const std::string& stream, const std::vector<ChainKey>& keys,
                         const std::vector<Head>& known = {}, std::size_t most = 100);

using RowSink = std::function<void(const Row&)>;

/// verify_chain() within a transaction that is there already. `genuine` takes each row that was found as it was
/// written; with it, all rows are walked, however much is found.
ChainReport walk_chain(Connection& connection, const std::string& stream, const std::vector<ChainKey>& keys,
                       const std::vector<Head>& known, std::size_t most, const RowSink& genuine = {});

/// Checks up to `rows` rows behind `after`.
ChainReport verify_after(Connection& connection, const std::string& stream, const std::vector<ChainKey>& keys,
                         const Head& after, std::size_t rows);

/// The streams that the log has rows of. Throws AuditError.
std::vector<std::string> streams(const std::string& database_uri);
std::vector<std::string> streams(Connection& connection);

}  // namespace audit
