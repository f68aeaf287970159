// Asking the audit log for records that its chain vouches for.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "audit_query.hpp"
#include "verify_log.hpp"

namespace audit {

struct VerifiedAnswers {
  std::vector<std::vector<AuditRow>> records;  ///< of each question, as find() has them
  bool intact = false;  ///< the log is as it was written; otherwise more records may have been in it
};

/// Answers all questions in one walk over the log, of those streams that the first question is about. Throws
/// AuditError.
VerifiedAnswers find_verified(const std::string& database_uri, const std::vector<Query>& queries,
                              const std::vector<ChainKey>& keys);

/// What find() says besides: records that the chain vouches for nothing of. Empty if the database cannot say.
std::vector<AuditRow> find_others(const std::string& database_uri, const Query& query,
                                  const std::vector<AuditRow>& verified);

}  // namespace audit
