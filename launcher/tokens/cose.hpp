// A CWT (RFC 8392) as COSE has it (RFC 9052): COSE_Mac0 by HMAC 256/256, or COSE_Sign1 by ES256.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

#include "token_error.hpp"
#include "token_key.hpp"

namespace tokens {

/// The tag or the signature, over the MAC_structure or the Sig_structure of a protected header and a payload, both as
/// they are in the message.
std::string cose_signature(std::string_view protected_header, std::string_view payload, const TokenKey& key);

/// With the tags of a CWT and of COSE_Mac0 or COSE_Sign1. Throws steg::KeyError if the key cannot sign.
std::string sign_cose(std::string_view payload, const TokenKey& key);
/// The payload. The tag of a CWT may be missing. Throws TokenError (malformed, algorithm, signature).
std::string open_cose(std::string_view message, const TokenKey& key);

}  // namespace tokens
