// The keyed primitives that everything secret is derived from, over OpenSSL's libcrypto.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace steg {

/// libcrypto refused an operation (out of memory, or a provider without AES-128 or SHA-256).
class CryptoError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

using Subkey = std::array<std::uint8_t, 16>;  ///< an AES-128 key

/// AES-128 (FIPS 197) on independent blocks: a pseudo-random function of a block as long as no two inputs are equal.
/// One object must not be used by two threads at a time.
class Aes128 {
 public:
  static constexpr std::size_t kBlockBytes = 16;

  /// Throws CryptoError.
  explicit Aes128(const Subkey& key);
  /// Encrypts `blocks` blocks of 16 bytes in place. Throws CryptoError.
  void encrypt(std::uint8_t* data, std::size_t blocks);

 private:
  struct Free {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, Free> context_;
};

using Digest = std::array<std::uint8_t, 32>;

/// HMAC-SHA256 (RFC 2104, FIPS 180-4). Throws CryptoError.
Digest hmac_sha256(const std::uint8_t* key, std::size_t key_bytes, std::string_view message);

/// The first 16 bytes of a digest.
Subkey truncate(const Digest& digest);

}  // namespace steg
