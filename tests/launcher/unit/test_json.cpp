// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <stdexcept>

#include "launcher/base/json.hpp"

using launcher::JsonText;
using launcher::read_string_member;

TEST_CASE("a text that is not UTF-8 makes no answer that is not JSON", "[json]") {
  const std::string answer = JsonText().text("error", "There is no /\xff; there are: GET /\xC0\x80.").finish();
  CHECK(read_string_member(answer, "error") == "There is no /\xEF\xBF\xBD; there are: GET /\xEF\xBF\xBD\xEF\xBF\xBD.");
}

TEST_CASE("an escaped NUL is refused, and the letters of one are not", "[json]") {
  CHECK_THROWS_AS(read_string_member(R"({"id": "a\u0000b"})", "id"), std::runtime_error);
  CHECK_THROWS_AS(read_string_member(R"({"id": "a\\\u0000b"})", "id"), std::runtime_error);
  CHECK(read_string_member(R"({"id": "\\u0000"})", "id") == "\\u0000");
}
