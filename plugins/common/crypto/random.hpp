// What nobody can guess, from OpenSSL's libcrypto.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>

namespace steg {

/// Throws CryptoError if there is no randomness.
std::string random_bytes(std::size_t count);

/// So many random bytes as lower-case hexadecimal digits. Throws CryptoError if there is no randomness.
std::string random_hex(std::size_t bytes);

/// A random UUID (RFC 4122 version 4). Throws CryptoError if there is no randomness.
std::string random_uuid();

}  // namespace steg
