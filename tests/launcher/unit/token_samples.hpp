// What the tests of both kinds of token sign.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "launcher/tokens/watermark_token.hpp"

namespace tokens::test {

inline const std::string kKey = "0123456789abcdef0123456789abcdef";

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
