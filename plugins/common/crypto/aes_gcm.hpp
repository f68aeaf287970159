// AES-128-GCM (NIST SP 800-38D) with a tag of 16 bytes, over OpenSSL's libcrypto.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "aes.hpp"

namespace steg {

inline constexpr std::size_t kGcmNonceBytes = 12;
inline constexpr std::size_t kGcmTagBytes = 16;

/// The text, encrypted, and the tag behind it. A key must not see a nonce twice. `more` is vouched for and not
/// encrypted. Throws CryptoError, also for a nonce of another length.
std::string gcm_seal(const Subkey& key, std::string_view nonce, std::string_view more, std::string_view text);

/// The text again; nothing if anything of it is another than it was sealed with. Throws CryptoError.
std::optional<std::string> gcm_open(const Subkey& key, std::string_view nonce, std::string_view more,
                                    std::string_view sealed);

}  // namespace steg
