// What a request says that we read ourselves: path, headers that decide about it, the client's address.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fuzz.hpp"
#include "launcher/base/address.hpp"
#include "launcher/base/config_error.hpp"
#include "launcher/base/network.hpp"
#include "launcher/config/description.hpp"
#include "launcher/http/guard.hpp"
#include "launcher/http/routes.hpp"
#include "launcher/stream/plain_text.hpp"

namespace {

/// The lines of a text, and empty ones after them.
std::vector<std::string> lines(const std::string& text, std::size_t count) {
  std::vector<std::string> all(count);
  std::size_t at = 0;
  for (std::string& line : all) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    line = text.substr(at, end - at);
    at = std::min(end + 1, text.size());
  }
  return all;
}

const std::string token = "0123456789abcdef0123456789abcdef";

}  // namespace

fuzz::Target fuzz::http() {
  return {"http",
          {"GET\n/elements/mark/strength\n127.0.0.1:5000\nhttp://127.0.0.1:5000\nsame-origin\nBearer "
           "x\nsteg-session=y; a=b\n"
           "http://127.0.0.1:5000/page\n10.0.0.1, 192.0.2.1\n10.0.0.0/8\n127.0.0.1:5000",
           "PUT\n/status\n[::1]:5000\nnull\ncross-site\nBasic "
           "dXNlcjpwYXNzd29yZA==\n;;;=\nhttps://example.org/\n::1\n::/0\n[::1]:0"},
          {"Bearer ", "Basic ", "steg-session=", "://", "127.0.0.1", "localhost", "[::1]", "/", "//", "{", "}", "=",
           "==", ";", ",", "%00"},
          4000,
          [](const std::string& input) {
            const auto part = lines(input, 11);
            const std::vector<launcher::RouteKey> table{
                {"GET", "/status"}, {"PUT", "/elements/{name}/{property}"}, {"GET", "/{all}"}};
            const auto match = launcher::find_route(table, part[0], part[1]);
            require(!match.route || *match.route < table.size(), "a route is one of the table");
            const launcher::Guard guard(token);
            const launcher::Credentials credentials{part[2], part[3], part[4], part[5], part[6], part[5], part[7]};
            const bool knows =
                input.find(token.substr(0, 16)) != std::string::npos || input.find("MDEy") != std::string::npos;
            require(knows || guard.check(launcher::Access::token, credentials) != launcher::Guard::Verdict::allowed,
                    "nobody is let in who does not know the token");
            launcher::Guard(std::nullopt).check(launcher::Access::token, credentials);
            require(launcher::client_address("192.0.2.9", part[8], {}) == "192.0.2.9", "nobody hides behind a header");
            if (launcher::is_network(part[9])) launcher::client_address("10.0.0.1", part[8], {part[9], "10.0.0.0/8"});
            try {
              launcher::parse_address(part[10]);
            } catch (const launcher::ConfigError&) {
              // It says what is wrong.
            }
            launcher::without_credentials(part[3]);
            require(launcher::plain_text(input).size() <= input.size(),
                    "text without markup is no longer than with it");
          }};
}
