// JSON Web Signatures (RFC 7515) in compact form, by HMAC-SHA256.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "token_error.hpp"

namespace tokens {

inline constexpr std::size_t kMostTokenBytes = 8000;
inline constexpr std::size_t kLeastKeyBytes = 32;  ///< RFC 7518, clause 3.2

struct Jws {
  std::string header;
  std::string payload;
};

/// Throws std::invalid_argument for a key of less than kLeastKeyBytes.
std::string sign_hs256(const Jws& content, std::string_view key);
/// What was signed with the key, byte for byte; nothing in it is looked at before the signature was found good, and the
/// header's `alg` is the caller's to check. Throws TokenError (malformed, signature), std::invalid_argument.
Jws open_hs256(std::string_view token, std::string_view key);

}  // namespace tokens
