// SPDX-License-Identifier: LGPL-2.1-or-later
#include "es256_key.hpp"

#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>

#include "plugins/common/crypto/crypto_error.hpp"
#include "plugins/common/crypto/key.hpp"

namespace tokens {

namespace {

constexpr char kHowToMakeOne[] =
    "make a key with 'openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out FILE', and its public part "
    "with 'openssl pkey -pubout'";
constexpr char kCurve[] = "prime256v1";  ///< P-256, as OpenSSL calls it
constexpr std::size_t kHalf = kEs256Bytes / 2;
constexpr std::size_t kMostFileBytes = 65536;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
  void operator()(BIGNUM* number) const { BN_free(number); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

/// OpenSSL would ask on the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

Owned<BIO> reader_of(const std::string& pem) {
  Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!bio) throw steg::CryptoError("libcrypto is out of memory");
  return bio;
}

bool is_p256(const EVP_PKEY* key) {
  std::array<char, 64> name{};
  std::size_t size = 0;
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
         EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) == 1 && std::strcmp(name.data(), kCurve) == 0;
}

}  // namespace

std::optional<std::string> der_of_signature(std::string_view signature) {
  if (signature.size() != kEs256Bytes) return std::nullopt;
  Owned<BIGNUM> r(BN_bin2bn(bytes_of(signature), kHalf, nullptr));
  Owned<BIGNUM> s(BN_bin2bn(bytes_of(signature) + kHalf, kHalf, nullptr));
  const Owned<ECDSA_SIG> numbers(ECDSA_SIG_new());
  if (!r || !s || !numbers || ECDSA_SIG_set0(numbers.get(), r.get(), s.get()) != 1) return std::nullopt;
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  std::array<unsigned char, 2 * (kHalf + 3) + 3> der{};
  unsigned char* end = der.data();
  const int size = i2d_ECDSA_SIG(numbers.get(), &end);
  if (size <= 0) return std::nullopt;
  return std::string(der.data(), end);
}

std::optional<std::string> signature_of_der(std::string_view der) {
  const unsigned char* at = bytes_of(der);
  const Owned<ECDSA_SIG> numbers(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  ERR_clear_error();
  std::array<unsigned char, kEs256Bytes> raw{};
  if (!numbers || at != bytes_of(der) + der.size() ||
      BN_bn2binpad(ECDSA_SIG_get0_r(numbers.get()), raw.data(), kHalf) != kHalf ||
      BN_bn2binpad(ECDSA_SIG_get0_s(numbers.get()), raw.data() + kHalf, kHalf) != kHalf)
    return std::nullopt;
  return std::string(raw.begin(), raw.end());
}

Es256Key Es256Key::from_pem(const std::string& pem) {
  Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(reader_of(pem).get(), nullptr, no_passphrase, nullptr));
  const bool is_private = key != nullptr;
  if (!key) key.reset(PEM_read_bio_PUBKEY(reader_of(pem).get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  if (!key) {
    throw steg::KeyError(std::string("no key in PEM, or one with a passphrase; ") + kHowToMakeOne);
  }
  if (!is_p256(key.get()))
    throw steg::KeyError(std::string("the key is of another kind than ES256 takes, which is EC on P-256; ") +
                         kHowToMakeOne);
  return {std::move(key), is_private};
}

Es256Key Es256Key::from_file(const std::string& path) {
  const auto fail = [&path](const std::string& why) { return steg::KeyError("token key file '" + path + "': " + why); };
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string pem(kMostFileBytes, '\0');
  file.read(pem.data(), static_cast<std::streamsize>(pem.size()));
  if (!file && !file.eof()) throw fail(std::string(std::strerror(errno != 0 ? errno : EIO)) + "; " + kHowToMakeOne);
  pem.resize(static_cast<std::size_t>(file.gcount()));
  try {
    return from_pem(pem);
  } catch (const steg::KeyError& error) {
    throw fail(error.what());
  }
}

std::string Es256Key::public_pem() const {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_PUBKEY(bio.get(), key_.get()) != 1)
    throw steg::CryptoError("libcrypto failed to write a public key");
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string Es256Key::sign(std::string_view message) const {
  if (!is_private_)
    throw steg::KeyError("The token key file has a public key only, which checks tokens and does not make any.");
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  std::array<unsigned char, 2 * (kHalf + 3) + 3> der{};
  std::size_t size = der.size();
  if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), der.data(), &size, bytes_of(message), message.size()) != 1)
    throw steg::CryptoError("libcrypto failed to sign with ES256");
  const auto signature = signature_of_der({reinterpret_cast<const char*>(der.data()), size});
  if (!signature) throw steg::CryptoError("libcrypto failed to sign with ES256");
  return *signature;
}

bool Es256Key::verify(std::string_view message, std::string_view signature) const {
  const auto der = der_of_signature(signature);
  if (!der) return false;
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  const bool is_good =
      context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
      EVP_DigestVerify(context.get(), bytes_of(*der), der->size(), bytes_of(message), message.size()) == 1;
  ERR_clear_error();
  return is_good;
}

}  // namespace tokens
