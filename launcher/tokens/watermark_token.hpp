// WM tokens of ETSI TS 104 002, clause 5.4: what a viewer's player shows to the edge.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "token_error.hpp"
#include "token_key.hpp"

namespace tokens {

/// The claims, by the standard's names; times in seconds since 1970. Either wmpattern (direct), as it is or encrypted,
/// or wmid, wmopid and wmkeyver (indirect).
struct WatermarkToken {
  std::int64_t iat = 0;
  std::int64_t exp = 0;
  std::optional<std::int64_t> nbf;
  std::optional<std::string> jti;  ///< what the token is called, as others name it; in a CWT cti, as bytes
  unsigned wmvnd = 0;
  unsigned wmpatlen = 0;  ///< bits
  /// Time ticks, and how many there are in a second.
  std::optional<std::pair<std::uint64_t, std::uint64_t>> wmsegduration;
  std::optional<std::string> wmpattern;  ///< bytes, position 0 in the most significant bit of the first
  std::optional<std::string> encrypted;  ///< wmpattern as encrypt_pattern() makes it
  struct Indirect {
    std::string wmid;
    std::uint64_t wmopid = 0;
    std::uint64_t wmkeyver = 0;
  };
  std::optional<Indirect> indirect;
};

inline constexpr unsigned kWmver = 1;
/// Positions are 15 bits in WMPaceInfo. A direct token of so many has 7.5 kB.
inline constexpr unsigned kMostPatternBits = 32768;

inline constexpr std::size_t pattern_bytes(unsigned bits) { return (bits + 7) / 8; }

/// The variant that a direct token's pattern has at a position of two variants, 0 or 1: the bit of the standard's
/// clause 5.4. Throws TokenError (claims) beyond its length or without a pattern.
int variant_at(const WatermarkToken& token, unsigned position);

/// As a JSON Web Token. Throws TokenError (claims) for claims that the standard does not allow, steg::KeyError if the
/// key cannot sign.
std::string sign_jwt(const WatermarkToken& token, const TokenKey& key);

/// The claims of a token that is whole, signed with the key, and valid at `now`. `leeway`: seconds by which clocks may
/// differ. Nothing in a token is looked at before its signature was found good. Throws TokenError.
WatermarkToken verify_jwt(std::string_view token, const TokenKey& key, std::int64_t now, std::int64_t leeway = 0);

/// The same as a CBOR Web Token, base64url.
std::string sign_cwt(const WatermarkToken& token, const TokenKey& key);
WatermarkToken verify_cwt(std::string_view token, const TokenKey& key, std::int64_t now, std::int64_t leeway = 0);

}  // namespace tokens
