// The keyed function that every chip is derived from, over OpenSSL's libcrypto.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace steg {

using Subkey = std::array<std::uint8_t, 16>;  ///< an AES-128 key

/// AES-128 (FIPS 197) on independent blocks: a pseudo-random function of a block as long as no two inputs are equal.
/// One object must not be used by two threads at a time.
class Aes128 {
 public:
  static constexpr std::size_t kBlockBytes = 16;

  /// Throws CryptoError.
  explicit Aes128(const Subkey& key);
  /// Encrypts `blocks` blocks of 16 bytes in place. Throws CryptoError.
  void encrypt(std::uint8_t* data, std::size_t blocks) { encrypt(data, data, blocks); }
  /// The same from one place to another: `to` is `from`, or does not overlap it.
  void encrypt(const std::uint8_t* from, std::uint8_t* to, std::size_t blocks);

 private:
  struct Free {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, Free> context_;
};

}  // namespace steg
