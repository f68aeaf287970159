// The hash chain that makes the log tamper-evident.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "event.hpp"
#include "plugins/common/crypto/key.hpp"
#include "signature.hpp"

namespace audit {

using Secret = steg::Subkey;

/// What the log takes from the key file: secrets that are independent of those of the mark.
struct ChainKey {
  Secret chain;             ///< steg::Key::subkey("audit chain")
  Secret spool;             ///< steg::Key::subkey("audit spool")
  std::string fingerprint;  ///< steg::Key::fingerprint()
  SigningKey signing{};     ///< the subkeys "audit signature 1" and "audit signature 2", one after the other
};

ChainKey chain_key(const steg::Key& key);

/// The end of the chain of one stream; seq 0 and an empty hash before its first row.
struct Head {
  std::int64_t seq = 0;
  std::string hash;
  bool operator==(const Head& other) const { return seq == other.seq && hash == other.hash; }
};
/// No row has a higher number: what comes behind it can be counted, too.
inline constexpr std::int64_t kLastSeq = std::int64_t{1} << 62;
using Heads = std::map<std::string, Head, std::less<>>;  ///< by stream

/// 64 hexadecimal digits of HMAC-SHA256 (RFC 2104, FIPS 180-4).
std::string hmac_hex(const Secret& secret, std::string_view message);

/// The netstring of each value ("5:abcde,"; Bernstein 1997), NULL as "-,": no two rows give the same text.
std::string canonical(const Row& values);

/// What stands for the address in a row's hash, so that the address can be removed later and the chain still verifies:
/// HMAC-SHA256 of it under the row's salt (32 hexadecimal digits). Without the salt nobody can tell which it was.
std::string client_ip_proof(const std::string& salt, const std::string& client_ip);

/// HMAC of the canonical text of the columns before `hash`, less `client_ip` and `client_ip_salt`, for which the proof
/// stands. A row without a proof is of schema version 1: there the address itself is hashed, and the four columns that
/// came with version 2 are not.
std::string row_hash(const Secret& secret, const Row& row);

/// The row of an event (as to_row() gives it) as the successor of `head`, which moves on to it. `salt`: as
/// steg::random_hex(16).
Row chain(Row event, const std::string& salt, const ChainKey& key, Head& head);

/// Says that something was done to all rows of the stream up to `through`: a row of kind kPurge or kAnonymise.
struct Tombstone {
  const char* kind;
  std::string stream;
  std::string session;  ///< random UUID of this action
  std::string minute;   ///< when, as Event::minute
  std::string before;   ///< the minute before which all was removed; stored as first_time
  std::string time;     ///< when, as Event::first_time; stored as last_time
  Head through;
};
/// Its row as the successor of `head`, which moves on to it.
Row chain(const Tombstone& tombstone, const std::string& salt, const ChainKey& key, Head& head);

}  // namespace audit
