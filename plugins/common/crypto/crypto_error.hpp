// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <stdexcept>

namespace steg {

/// libcrypto refused an operation (out of memory, no randomness, or a provider without AES-128 or SHA-256).
class CryptoError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace steg
