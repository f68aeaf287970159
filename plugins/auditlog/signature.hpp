// Signatures that can be checked without the secret key.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace audit {

constexpr std::size_t kSignatureBytes = 64;

/// Private key of Ed25519 (RFC 8032).
using SigningKey = std::array<std::uint8_t, 32>;

/// 128 hexadecimal digits. Throws AuditError if OpenSSL fails.
std::string sign(const SigningKey& key, std::string_view message);

/// 64 hexadecimal digits.
std::string public_key(const SigningKey& key);
/// The same as a PEM file (SubjectPublicKeyInfo, RFC 8410), as openssl reads it.
std::string public_key_pem(const SigningKey& key);
/// public_key() of a PEM file. Throws AuditError if it holds no Ed25519 public key.
std::string public_key_of_pem(const std::string& pem);

/// Whether `signature` (128 hexadecimal digits) is that of `message` under `public_key` (64). False if either is none.
bool is_signed(const std::string& public_key, std::string_view message, const std::string& signature);

}  // namespace audit
