// Files with a key, and with a token.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fuzz.hpp"
#include "launcher/base/config_error.hpp"
#include "launcher/config/token_file.hpp"
#include "plugins/common/crypto/key.hpp"
#include "temporary_folder.hpp"

fuzz::Target fuzz::key_file() {
  const std::string digits = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";
  return {"key_file",
          {digits + "\n", "# a key\r\n\r\n  " + digits + "\t\r\n", digits.substr(1)},
          {"#", "\r\n", "\n", digits, std::string(1, '\0')},
          70000,
          [folder = std::make_shared<TemporaryFolder>()](const std::string& input) {
            const std::string path = folder->write("key", input);
            try {
              const steg::Key key = steg::Key::from_file(path);
              require(key.fingerprint().size() == 16, "a key has a fingerprint");
            } catch (const steg::KeyError& error) {
              const std::string first = input.substr(0, 32);
              require(first.size() < 32 || std::string(error.what()).find(first) == std::string::npos,
                      "an error tells no key");
            }
            try {
              const std::string token = launcher::read_token_file(path);
              require(token.size() >= 16 && token.size() <= 256, "a token has a length that nobody guesses");
            } catch (const launcher::ConfigError&) {
              // It says what to do.
            }
          }};
}
