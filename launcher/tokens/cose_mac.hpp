// COSE_Mac0 (RFC 9052) by HMAC 256/256, as a CWT (RFC 8392).
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

#include "jws.hpp"
#include "token_error.hpp"

namespace tokens {

/// HMAC-SHA256 over the MAC_structure of a protected header and a payload, both as they are in the message.
std::string mac0_tag(std::string_view protected_header, std::string_view payload, std::string_view key);

/// With the tags of a CWT and of COSE_Mac0. Throws std::invalid_argument for a key of less than kLeastKeyBytes.
std::string sign_mac0(std::string_view payload, std::string_view key);
/// The payload. The tag of a CWT may be missing. Throws TokenError (malformed, algorithm, signature),
/// std::invalid_argument.
std::string open_mac0(std::string_view message, std::string_view key);

}  // namespace tokens
