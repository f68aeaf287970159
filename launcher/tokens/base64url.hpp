// base64url without padding, RFC 4648 clause 5, as tokens have it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tokens {

std::string base64url(std::string_view bytes);
/// Nothing for what base64url() does not make: other characters, padding, a length or last bits that no bytes have. So
/// one token has one spelling.
std::optional<std::string> bytes_of_base64url(std::string_view text);

}  // namespace tokens
