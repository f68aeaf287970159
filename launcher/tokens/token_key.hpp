// What tokens are signed with, and checked with.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "es256_key.hpp"

namespace tokens {

inline constexpr std::size_t kLeastKeyBytes = 32;  ///< of HMAC-SHA256: RFC 7518, clause 3.2

/// A key has one algorithm: what a token says of its own is compared with that, and decides nothing.
class TokenKey {
 public:
  /// HMAC-SHA256. Throws std::invalid_argument for a key of less than kLeastKeyBytes.
  static TokenKey hmac(std::string_view key);
  static TokenKey es256(const Es256Key& key) { return TokenKey(key); }

  /// Whoever can check tokens can make them.
  bool is_mac() const { return std::holds_alternative<std::string>(key_); }
  /// `alg` of a JWT.
  const char* jose_name() const { return is_mac() ? "HS256" : "ES256"; }

  /// Throws steg::KeyError if this is a public key.
  std::string sign(std::string_view message) const;
  /// Takes the same time wherever the first difference is.
  bool verify(std::string_view message, std::string_view signature) const;

 private:
  explicit TokenKey(std::variant<std::string, Es256Key> key) : key_(std::move(key)) {}

  std::variant<std::string, Es256Key> key_;
};

}  // namespace tokens
