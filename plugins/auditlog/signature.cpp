// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signature.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

#include "event.hpp"
#include "plugins/common/crypto/hex.hpp"
#include "text.hpp"

namespace audit {

namespace {

constexpr std::size_t kPublicBytes = 32;
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeKey>;
using ContextPtr = std::unique_ptr<EVP_MD_CTX, FreeContext>;
using BioPtr = std::unique_ptr<BIO, FreeBio>;

AuditError failure() { return AuditError("Ed25519 failed: check the installation of OpenSSL."); }

KeyPtr private_key(const SigningKey& key) {
  KeyPtr result(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
  if (!result) throw failure();
  return result;
}

std::string raw_public(const EVP_PKEY* key) {
  std::array<unsigned char, kPublicBytes> bytes{};
  std::size_t size = bytes.size();
  if (EVP_PKEY_get_raw_public_key(key, bytes.data(), &size) != 1 || size != bytes.size()) throw failure();
  return steg::to_hex(bytes.data(), bytes.size());
}

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

std::string sign(const SigningKey& key, std::string_view message) {
  const KeyPtr pair = private_key(key);
  const ContextPtr context(EVP_MD_CTX_new());
  std::array<unsigned char, kSignatureBytes> signature{};
  std::size_t size = signature.size();
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, pair.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, bytes_of(message), message.size()) != 1)
    throw failure();
  return steg::to_hex(signature.data(), size);
}

std::string public_key(const SigningKey& key) { return raw_public(private_key(key).get()); }

std::string public_key_pem(const SigningKey& key) {
  const KeyPtr pair = private_key(key);
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_PUBKEY(bio.get(), pair.get()) != 1) throw failure();
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string public_key_of_pem(const std::string& pem) {
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const KeyPtr key(bio ? PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!key || EVP_PKEY_id(key.get()) != EVP_PKEY_ED25519)
    throw AuditError("This is no PEM file with an Ed25519 public key.");
  return raw_public(key.get());
}

bool is_signed(const std::string& public_key, std::string_view message, const std::string& signature) {
  std::array<unsigned char, kPublicBytes> key{};
  std::array<unsigned char, kSignatureBytes> bytes{};
  if (!steg::from_hex(public_key, key.data(), key.size()) || !steg::from_hex(signature, bytes.data(), bytes.size()))
    return false;
  const KeyPtr raw(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
  const ContextPtr context(EVP_MD_CTX_new());
  return raw && context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, raw.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes.data(), bytes.size(), bytes_of(message), message.size()) == 1;
}

}  // namespace audit
