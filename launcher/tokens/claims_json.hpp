// A WM token's claims as JSON, for tokens that are JWT.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "watermark_token.hpp"

namespace tokens {

std::string json_of(const WatermarkToken& token);
/// Of any member the last of that name counts, and members that the standard does not know are left alone. Throws
/// TokenError (malformed) for what is no JSON object, (claims) for a claim that is missing or of another type.
WatermarkToken claims_of(const std::string& json);
/// `alg` of a JWT's header; empty if there is none. Throws TokenError (malformed).
std::string algorithm_of(const std::string& json);

}  // namespace tokens
