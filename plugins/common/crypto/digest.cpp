// SPDX-License-Identifier: LGPL-2.1-or-later
#include "digest.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "crypto_error.hpp"
#include "hex.hpp"

namespace steg {

Digest sha256(std::string_view message) {
  Digest digest{};
  unsigned int length = 0;
  if (EVP_Digest(message.data(), message.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1 ||
      length != digest.size()) {
    throw CryptoError("libcrypto offers no SHA-256; install OpenSSL 3 with its default provider");
  }
  return digest;
}

Digest hmac_sha256(const std::uint8_t* key, std::size_t key_bytes, std::string_view message) {
  Digest digest{};
  unsigned int length = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
  if (HMAC(EVP_sha256(), key, static_cast<int>(key_bytes), bytes, message.size(), digest.data(), &length) == nullptr ||
      length != digest.size()) {
    throw CryptoError("libcrypto offers no HMAC-SHA256; install OpenSSL 3 with its default provider");
  }
  return digest;
}

std::string to_hex(const Digest& digest) { return to_hex(digest.data(), digest.size()); }

}  // namespace steg
