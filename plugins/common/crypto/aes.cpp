// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aes.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "crypto_error.hpp"

namespace steg {

namespace {

EVP_CIPHER_CTX* cast(void* context) { return static_cast<EVP_CIPHER_CTX*>(context); }

// EVP counts bytes as int: longer runs are cut into pieces of whole blocks.
constexpr std::size_t kMaxBlocksPerCall = std::size_t{1} << 20;

}  // namespace

void Aes128::Free::operator()(void* context) const { EVP_CIPHER_CTX_free(cast(context)); }

Aes128::Aes128(const Subkey& key) : context_(EVP_CIPHER_CTX_new()) {
  EVP_CIPHER_CTX* context = cast(context_.get());
  if (context == nullptr || EVP_EncryptInit_ex2(context, EVP_aes_128_ecb(), key.data(), nullptr, nullptr) != 1 ||
      EVP_CIPHER_CTX_set_padding(context, 0) != 1) {
    throw CryptoError("libcrypto offers no AES-128; install OpenSSL 3 with its default provider");
  }
}

void Aes128::encrypt(const std::uint8_t* from, std::uint8_t* to, std::size_t blocks) {
  while (blocks > 0) {
    const std::size_t now = std::min(blocks, kMaxBlocksPerCall);
    const int bytes = static_cast<int>(now * kBlockBytes);
    int written = 0;
    if (EVP_EncryptUpdate(cast(context_.get()), to, &written, from, bytes) != 1 || written != bytes) {
      throw CryptoError("libcrypto failed to encrypt with AES-128");
    }
    from += bytes;
    to += bytes;
    blocks -= now;
  }
}

}  // namespace steg
