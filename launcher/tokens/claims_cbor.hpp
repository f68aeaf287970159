// A WM token's claims as CBOR with integer keys, for tokens that are CWT.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

#include "watermark_token.hpp"

namespace tokens {

std::string cbor_of(const WatermarkToken& token);
/// Claims that the standard does not know are left alone. Throws TokenError (malformed) for what is no map in
/// deterministic CBOR, (claims) for a claim that is missing or of another type.
WatermarkToken claims_of_cbor(std::string_view data);

}  // namespace tokens
