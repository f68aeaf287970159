// Why a token is not taken.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <stdexcept>
#include <string>

namespace tokens {

enum class Refusal { malformed, signature, algorithm, claims, expired, early, revoked };

/// what() never repeats the token's text.
class TokenError : public std::runtime_error {
 public:
  TokenError(Refusal refusal, const std::string& what) : std::runtime_error(what), refusal_(refusal) {}
  Refusal refusal() const { return refusal_; }

 private:
  Refusal refusal_;
};

}  // namespace tokens
