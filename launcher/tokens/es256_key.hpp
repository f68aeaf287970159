// A key of ES256: ECDSA on the curve P-256 with SHA-256 (RFC 7518, clause 3.4; RFC 9053, clause 2.1), over OpenSSL's
// libcrypto.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <openssl/types.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tokens {

/// r and s, 32 bytes each, big endian: what JOSE and COSE have for a signature.
inline constexpr std::size_t kEs256Bytes = 64;

/// The same as libcrypto has it, ASN.1 DER; nothing for what has not kEs256Bytes.
std::optional<std::string> der_of_signature(std::string_view signature);
/// Nothing for what is no signature in DER, or has a number of more than 32 bytes.
std::optional<std::string> signature_of_der(std::string_view der);

/// May be used by several threads at a time.
class Es256Key {
 public:
  /// A PEM file with a private key (PKCS #8 or SEC 1, without a passphrase) or a public one (SubjectPublicKeyInfo).
  /// Throws steg::KeyError: missing, unreadable, no such key, one of another kind.
  static Es256Key from_file(const std::string& path);
  /// The same for the text of such a file.
  static Es256Key from_pem(const std::string& pem);

  bool can_sign() const { return is_private_; }
  /// The public key as a PEM file.
  std::string public_pem() const;
  /// kEs256Bytes. Throws steg::KeyError if this is a public key, steg::CryptoError.
  std::string sign(std::string_view message) const;
  bool verify(std::string_view message, std::string_view signature) const;

 private:
  Es256Key(std::shared_ptr<EVP_PKEY> key, bool is_private) : key_(std::move(key)), is_private_(is_private) {}

  std::shared_ptr<EVP_PKEY> key_;
  bool is_private_;
};

}  // namespace tokens
