// Signed notes of where a chain ended, kept in a second place.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chain.hpp"
#include "connection.hpp"

namespace audit {

/// The chain of a stream ended there at that time. Whoever rewrites the log later, with or without the key, contradicts
/// it.
struct Checkpoint {
  std::string time;  ///< UTC, as Event::first_time
  std::string stream;
  Head head;
  std::string chain_key;   ///< fingerprint of the key
  std::string public_key;  ///< of the signature, 64 hexadecimal digits
  std::string signature;   ///< Ed25519 over the canonical() text of the fields above
};

Checkpoint make_checkpoint(const std::string& stream, const Head& head, const ChainKey& key, const std::string& time);
/// Whether the signature is right, and made with the signing key of one of these.
bool is_genuine(const Checkpoint& checkpoint, const std::vector<ChainKey>& keys);

/// Where checkpoints are kept: a file (FILE or file:FILE), or a database (sqlite:PATH, postgresql://…), there in the
/// table steg_audit_checkpoint. Only ever added to.
class CheckpointPlace {
 public:
  virtual ~CheckpointPlace() = default;
  /// Durable when it returns. Throws AuditError.
  virtual void add(const std::vector<Checkpoint>& checkpoints) = 0;
  /// Oldest first. Throws AuditError; also where a line of a file is no checkpoint.
  virtual std::vector<Checkpoint> all() = 0;
};

/// Opens a place, read or write; for write it is created. Throws AuditError. `deadline` must outlive it.
std::unique_ptr<CheckpointPlace> open_checkpoints(const std::string& place, Access access, const Deadline& deadline);

}  // namespace audit
