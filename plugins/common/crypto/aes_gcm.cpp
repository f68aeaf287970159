// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aes_gcm.hpp"

#include <openssl/evp.h>

#include <memory>

#include "crypto_error.hpp"

namespace steg {

namespace {

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

void check(bool good) {
  if (!good) throw CryptoError("libcrypto failed to use AES-128-GCM; install OpenSSL 3 with its default provider");
}

enum class Way : int { open = 0, seal = 1 };

/// What goes through the cipher; the tag is still to come.
std::string passed(EVP_CIPHER_CTX* context, Way way, const Subkey& key, std::string_view nonce, std::string_view more,
                   std::string_view text) {
  check(context && nonce.size() == kGcmNonceBytes);
  int size = 0;
  std::string out(text.size(), '\0');
  check(EVP_CipherInit_ex(context, EVP_aes_128_gcm(), nullptr, key.data(), bytes_of(nonce), static_cast<int>(way)) ==
            1 &&
        EVP_CipherUpdate(context, nullptr, &size, bytes_of(more), static_cast<int>(more.size())) == 1 &&
        EVP_CipherUpdate(context, bytes_of(out), &size, bytes_of(text), static_cast<int>(text.size())) == 1);
  return out;
}

}  // namespace

std::string gcm_seal(const Subkey& key, std::string_view nonce, std::string_view more, std::string_view text) {
  const Context context(EVP_CIPHER_CTX_new());
  const std::string sealed = passed(context.get(), Way::seal, key, nonce, more, text);
  std::string tag(kGcmTagBytes, '\0');
  int size = 0;
  check(EVP_CipherFinal_ex(context.get(), bytes_of(tag), &size) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kGcmTagBytes, tag.data()) == 1);
  return sealed + tag;
}

std::optional<std::string> gcm_open(const Subkey& key, std::string_view nonce, std::string_view more,
                                    std::string_view sealed) {
  if (nonce.size() != kGcmNonceBytes || sealed.size() < kGcmTagBytes) return std::nullopt;
  const Context context(EVP_CIPHER_CTX_new());
  const std::size_t length = sealed.size() - kGcmTagBytes;
  std::string text = passed(context.get(), Way::open, key, nonce, more, sealed.substr(0, length));
  std::string tag(sealed.substr(length));
  int size = 0;
  check(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kGcmTagBytes, tag.data()) == 1);
  unsigned char none = 0;
  if (EVP_CipherFinal_ex(context.get(), &none, &size) != 1) return std::nullopt;
  return text;
}

}  // namespace steg
