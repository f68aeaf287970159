// What the log says of a WM token: docs/tokens.md has its form.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "event.hpp"
#include "text.hpp"

namespace audit {

/// The stream whose chain tokens are noted in, if nobody says.
inline constexpr const char* kTokenStream = "tokens";

struct TokenNote {
  std::string token;      ///< the token's own UUID
  std::string viewer;     ///< who it is for
  std::string client_ip;  ///< empty if not known
  std::string issued;     ///< as utc_time()
  std::string until;      ///< as utc_time()
  std::string key_fingerprint;
  std::string pattern;  ///< steg::pattern_name()
};

/// The token is about to be handed out.
Event token_issued(const TokenNote& note);
/// From now on it is worth nothing.
Event token_revoked(const TokenNote& note, WallTime when);

}  // namespace audit
