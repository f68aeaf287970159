// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <stdexcept>

#include "launcher/base/audit_row_json.hpp"
#include "launcher/base/json.hpp"
#include "launcher/base/json_number.hpp"

using Catch::Contains;
using launcher::JsonText;
using launcher::read_string_member;

TEST_CASE("a text that is not UTF-8 makes no answer that is not JSON", "[json]") {
  const std::string answer = JsonText().text("error", "There is no /\xff; there are: GET /\xC0\x80.").finish();
  CHECK(read_string_member(answer, "error") == "There is no /\xEF\xBF\xBD; there are: GET /\xEF\xBF\xBD\xEF\xBF\xBD.");
}

TEST_CASE("a number that has no point when it is written stays JSON", "[json]") {
  CHECK(launcher::writable(1e-8) > 1e-8);
  CHECK(launcher::writable(1e-8) < 1.000000000000001e-8);
  for (const double number : {0.0, 1.0, 0.25, 1e-9, 1.5e-8}) CHECK(launcher::writable(number) == number);
}

TEST_CASE("an escaped NUL is refused, and the letters of one are not", "[json]") {
  CHECK_THROWS_AS(read_string_member(R"({"id": "a\u0000b"})", "id"), std::runtime_error);
  CHECK_THROWS_AS(read_string_member(R"({"id": "a\\\u0000b"})", "id"), std::runtime_error);
  CHECK(read_string_member(R"({"id": "\\u0000"})", "id") == "\\u0000");
}

TEST_CASE("a row of the audit log tells an address that was removed from one that was not known") {
  audit::AuditRow row;
  row.id = "caf\xe9";
  row.first_pts = 40;
  const auto text_of = [&](launcher::NoAddress no_address) {
    launcher::JsonText json;
    json.begin_list("rows").item(launcher::audit_row_json(row, no_address)).end_list();
    return json.finish();
  };
  const std::string unknown = text_of(launcher::NoAddress::null);
  CHECK_THAT(unknown, Contains(R"("client_ip":null,"client_ip_removed":false)"));
  CHECK_THAT(unknown, Contains(R"("first_pts":40,"last_pts":null)") && Contains(R"("verified":false)"));
  CHECK_THAT(unknown, Contains("caf\xef\xbf\xbd"));
  row.client_ip_removed = true;
  CHECK_THAT(text_of(launcher::NoAddress::null), Contains(R"("client_ip":null,"client_ip_removed":true)"));
  CHECK_THAT(text_of(launcher::NoAddress::empty_text), Contains(R"("client_ip":"","client_ip_removed":true)"));
  row.client_ip = "192.0.2.7";
  CHECK_THAT(text_of(launcher::NoAddress::empty_text), Contains(R"("client_ip":"192.0.2.7")"));
}
