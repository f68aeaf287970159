// SPDX-License-Identifier: LGPL-2.1-or-later
#include "token_file.hpp"

#include <algorithm>
#include <fstream>

#include "launcher/base/config_error.hpp"

namespace launcher {

std::string read_token_file(const std::string& path) {
  std::ifstream file(path);
  std::string token;
  if (!file || !std::getline(file, token)) {
    throw ConfigError("the token file " + path + " cannot be read, or is empty: make one with 'openssl rand -hex 32'");
  }
  const bool plain = std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (token.size() < 16 || token.size() > 256 || !plain) {
    throw ConfigError("the first line of the token file " + path +
                      " must have 16 to 256 printable characters and no blanks: make one with 'openssl rand -hex 32'");
  }
  return token;
}

}  // namespace launcher
