// Reading the audit log: what steg-trace and other tools ask.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "connection.hpp"
#include "event.hpp"

namespace audit {

/// One ID that went to one address in one minute of one session.
struct AuditRow {
  std::string id;
  std::string client_ip;  ///< empty if it was not known, or was removed later
  std::string minute;     ///< UTC, as "2026-11-22T11:29Z"
  std::string stream;
  std::string session;                    ///< one start of the pipeline
  std::string first_time;                 ///< UTC wall clock, as "2026-11-22T11:29:05.123456Z"
  std::string last_time;                  ///< of the last frame that is known
  std::optional<std::int64_t> first_pts;  ///< nanoseconds
  std::optional<std::int64_t> last_pts;
  std::int64_t encoded = 0;  ///< frames of the intervals that are closed
  std::int64_t repeated = 0;
  std::int64_t residual = 0;
  std::string key_fingerprint;
  std::string model_fingerprint;
  std::int64_t intervals = 1;  ///< how often the ID came and went within the minute
  bool client_ip_removed = false;
  std::int64_t intervals_open = 0;  ///< of these, how many run still, or were cut off by a crash
  bool verified = false;            ///< whether it was made from rows that the chain vouches for
};

/// For Query::most: no limit.
inline constexpr std::size_t kAllRows = INT64_MAX;

struct Query {
  std::optional<std::string> id;
  std::optional<std::string> client_ip;
  std::optional<std::string> stream;
  std::optional<std::string> from_minute;  ///< first minute, as "2026-11-22T11:29Z"; a shorter "2026-11-22" works too
  std::optional<std::string> to_minute;    ///< last minute
  std::size_t most = 1000;                 ///< rows
};

/// Rows that fit all that the query says, latest first. Opens the database read-only.
/// Throws AuditError: the URI does not parse, there is no such database, or it holds no audit log.
std::vector<AuditRow> find(const std::string& database_uri, const Query& query);
std::vector<AuditRow> find(Connection& connection, const Query& query);
std::vector<AuditRow> find_by_id(const std::string& database_uri, const std::string& id, std::size_t most = 1000);

/// The IDs that were ever given out, for a reader that tries known ones first. Throws as find().
std::vector<std::string> issued_ids(const std::string& database_uri, std::size_t most = 1000000);
/// Those of the records that fit all that the query says (up to its `most`), each once.
std::vector<std::string> issued_ids(const std::string& database_uri, const Query& query);
std::vector<std::string> issued_ids(Connection& connection, const Query& query);

/// A viewer who had a WM token, see docs/tokens.md.
struct TokenHolder {
  std::string viewer;
  std::string pattern;  ///< its name
};

/// Those of the records that fit the query and have that key's fingerprint, each once. Throws as find().
std::vector<TokenHolder> token_holders(const std::string& database_uri, const Query& query,
                                       const std::string& key_fingerprint);

}  // namespace audit
