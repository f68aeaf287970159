// SHA-256 and HMAC-SHA256, over OpenSSL's libcrypto.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace steg {

using Digest = std::array<std::uint8_t, 32>;

/// FIPS 180-4. Throws CryptoError.
Digest sha256(std::string_view message);

/// RFC 2104 over SHA-256. Throws CryptoError.
Digest hmac_sha256(const std::uint8_t* key, std::size_t key_bytes, std::string_view message);

/// 64 lower-case digits.
std::string to_hex(const Digest& digest);

}  // namespace steg
