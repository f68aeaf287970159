// Records made from rows that were verified, and from nothing else.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "audit_query.hpp"
#include "event.hpp"

namespace audit {

/// Takes the genuine rows of each stream in the order of its chain, and makes of them what find() and find_events() ask
/// the database for.
class VerifiedRecords {
 public:
  explicit VerifiedRecords(Query query) : query_(std::move(query)) {}
  void row(const Row& row);
  /// As find(): latest first, at most Query::most.
  std::vector<AuditRow> records() const;

 private:
  /// id, client_ip, minute, stream, session, key_fingerprint, model_fingerprint
  using Group = std::tuple<std::string, std::string, std::string, std::string, std::string, std::string, std::string>;
  /// stream, session, record, minute
  using Interval = std::tuple<std::string, std::string, std::string, std::string>;
  struct Open {
    Group group;
    std::string last_time;
    std::optional<std::int64_t> last_pts;
  };

  void open(const Row& row);
  void close(const Row& row);

  Query query_;
  std::map<Group, AuditRow> groups_;
  std::map<Interval, Open> open_;  ///< of the query, and without a close row so far
};

/// Whether the row itself fits what the query says.
bool fits(const Query& query, const Row& row);

}  // namespace audit
