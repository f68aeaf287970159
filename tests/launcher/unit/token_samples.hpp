// What the tests of tokens sign, and with what.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "launcher/tokens/watermark_token.hpp"

namespace tokens::test {

inline const std::string kSecret = "0123456789abcdef0123456789abcdef";
inline const TokenKey kKey = TokenKey::hmac(kSecret);
inline const TokenKey kOtherKey = TokenKey::hmac("0123456789abcdef0123456789abcdeF");

/// The key of RFC 7515, appendix A.3.
inline constexpr char kEs256Pem[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjpsQnnGQmL+YBIff\n"
    "H1136cspYG6+0iY7X1fCE9+E9LKhRANCAAR/zc4ncPbEXUGDy+5v20t7WAczNXvp\n"
    "7xO6z248e9FURcfxRM0bvZt+hyzf7bnuufSzaV1uqQskrYpGIyiFiOWt\n"
    "-----END PRIVATE KEY-----\n";
inline const TokenKey kEs256 = TokenKey::es256(Es256Key::from_pem(kEs256Pem));

inline std::string bytes_of_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

inline WatermarkToken direct() {
  WatermarkToken token;
  token.iat = 1000;
  token.exp = 2000;
  token.wmvnd = 7;
  token.wmpatlen = 32;
  token.wmpattern = std::string("\x0A\x0B\x0C\x0D");
  return token;
}

}  // namespace tokens::test
