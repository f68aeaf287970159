// What the audit log says: immutable events, two for each record.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace audit {

/// A log that cannot be opened or written as asked. what() is a sentence that says what to do.
class AuditError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A column of a row as text, or NULL. Integers are decimal.
using Value = std::optional<std::string>;
using Row = std::vector<Value>;

/// A value that no column of the log can hold, such as a BLOB, reads as a text of this kind: it equals nothing that was
/// written, because what is written has no NUL.
inline Value foreign(const std::string& what) { return std::string(1, '\0') + what; }
inline bool is_foreign(const Value& value) { return value && !value->empty() && value->front() == '\0'; }

enum class EventKind { open, close };

/// The kinds of rows that are no events: what they say of all rows up to `through_seq` of their stream.
inline constexpr const char* kPurge = "purge";          ///< they were removed
inline constexpr const char* kAnonymise = "anonymise";  ///< their addresses were removed

/// One thing that happened. A record (which ID went to which address in which minute) is an `open` event when its first
/// frame comes and a `close` event with the counts when it ends; a record without `close` was cut off.
struct Event {
  EventKind kind = EventKind::open;
  std::string stream;
  std::string session;      ///< random UUID (RFC 4122 version 4) of one start of the element
  std::int64_t record = 0;  ///< number of the record in its session, from 1
  std::string id;
  std::string client_ip;                  ///< empty if not known
  std::string minute;                     ///< UTC, as "2026-11-22T11:29Z"
  std::string first_time;                 ///< UTC wall-clock time of the first frame, as "2026-11-22T11:29:05.123456Z"
  std::string last_time;                  ///< of the last frame so far
  std::optional<std::int64_t> first_pts;  ///< of the first frame, nanoseconds; nothing if it had none
  std::optional<std::int64_t> last_pts;
  std::int64_t encoded = 0;   ///< frames that went through the encoder
  std::int64_t repeated = 0;  ///< frames sent again as they were
  std::int64_t residual = 0;  ///< frames that got the residual of an earlier one
  std::string key_fingerprint;
  std::string model_fingerprint;
};

/// Columns of the event table. The first `kEventColumns` come from an Event, the others from the chain (chain.hpp says
/// what is hashed).
enum Column : std::size_t {
  kStream,
  kEvent,
  kSession,
  kRecord,
  kId,
  kClientIp,
  kMinute,
  kFirstTime,
  kLastTime,
  kFirstPts,
  kLastPts,
  kEncoded,
  kRepeated,
  kResidual,
  kKeyFingerprint,
  kModelFingerprint,
  kEventColumns,
  kClientIpSalt = kEventColumns,  ///< NULL where the address was removed
  kClientIpProof,                 ///< HMAC of the address under the salt; NULL in rows of schema version 1
  kThroughSeq,                    ///< rows that stand for removed ones: the last of those
  kThroughHash,                   ///< and its hash
  kSeq,
  kChainKey,
  kPreviousHash,
  kHash,
  kColumns
};
extern const char* const kColumnNames[kColumns];

const char* name(EventKind kind);

/// The first kEventColumns columns.
Row to_row(const Event& event);
/// Reads what to_row() gave; further columns are ignored. Throws AuditError if it is no event.
Event from_row(const Row& row);
/// The same without reading: throws AuditError if from_row() would.
void check_event(const Row& row);

/// A decimal 64-bit integer. Throws AuditError.
std::int64_t to_integer(const Value& value);
/// The same; nothing of NULL.
std::optional<std::int64_t> optional_integer(const Value& value);

}  // namespace audit
