// A WM pattern that the viewer who carries it cannot read: COSE_Encrypt0 (RFC 9052) with A128GCM (RFC 9053).
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "plugins/common/crypto/aes.hpp"
#include "token_error.hpp"

namespace tokens {

/// By a nonce that is random.
std::string encrypt_pattern(std::string_view pattern, const steg::Subkey& key);

/// Whether it has that form, and so many bytes in it.
bool is_encrypted_pattern(std::string_view message, std::size_t bytes);

/// Throws TokenError (claims) for what has another form or was encrypted with another key.
std::string decrypt_pattern(std::string_view message, const steg::Subkey& key);

}  // namespace tokens
