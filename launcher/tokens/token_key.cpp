// SPDX-License-Identifier: LGPL-2.1-or-later
#include "token_key.hpp"

#include <openssl/crypto.h>

#include <cstdint>
#include <stdexcept>

#include "plugins/common/crypto/digest.hpp"

namespace tokens {

TokenKey TokenKey::hmac(std::string_view key) {
  if (key.size() < kLeastKeyBytes) throw std::invalid_argument("a key for HMAC-SHA256 has 32 bytes or more");
  return TokenKey(std::string(key));
}

std::string TokenKey::sign(std::string_view message) const {
  if (const auto* pair = std::get_if<Es256Key>(&key_)) return pair->sign(message);
  const auto& secret = std::get<std::string>(key_);
  const steg::Digest digest =
      steg::hmac_sha256(reinterpret_cast<const std::uint8_t*>(secret.data()), secret.size(), message);
  return {digest.begin(), digest.end()};
}

bool TokenKey::verify(std::string_view message, std::string_view signature) const {
  if (const auto* pair = std::get_if<Es256Key>(&key_)) return pair->verify(message, signature);
  const std::string expected = sign(message);
  return signature.size() == expected.size() && CRYPTO_memcmp(signature.data(), expected.data(), expected.size()) == 0;
}

}  // namespace tokens
