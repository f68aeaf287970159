// JSON Web Signatures (RFC 7515) in compact form.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "token_error.hpp"
#include "token_key.hpp"

namespace tokens {

inline constexpr std::size_t kMostTokenBytes = 8000;

struct Jws {
  std::string header;
  std::string payload;
};

/// Throws steg::KeyError if the key cannot sign.
std::string sign_jws(const Jws& content, const TokenKey& key);
/// What was signed with the key, byte for byte; nothing in it is looked at before the signature was found good, and the
/// header's `alg` is the caller's to check. Throws TokenError (malformed, signature).
Jws open_jws(std::string_view token, const TokenKey& key);

}  // namespace tokens
