// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <fstream>

#include "description.hpp"
#include "http/guard.hpp"
#include "http/routes.hpp"
#include "metrics_text.hpp"

using namespace launcher;

namespace {

using Verdict = Guard::Verdict;

Credentials from(std::string_view host) { return {host, {}, {}, {}, {}, {}}; }

}  // namespace

TEST_CASE("paths fit patterns segment by segment", "[routes]") {
  CHECK(match_path("/status", "/status"));
  CHECK_FALSE(match_path("/status", "/status/"));
  CHECK_FALSE(match_path("/status", "/statu"));
  CHECK_FALSE(match_path("/status", ""));
  CHECK_FALSE(match_path("/status", "*"));
  CHECK(match_path("/e/{n}/{p}", "/e/mark/id") == std::vector<std::string>{"mark", "id"});
  CHECK_FALSE(match_path("/e/{n}/{p}", "/e/mark"));
  CHECK_FALSE(match_path("/e/{n}/{p}", "/e//id"));
  CHECK_FALSE(match_path("/e/{n}/{p}", "/e/mark/id/more"));
}

TEST_CASE("a route is found by path and method", "[routes]") {
  const std::vector<RouteKey> table{{"GET", "/a"}, {"POST", "/b"}, {"DELETE", "/b"}, {"PUT", "/c/{x}"}};
  CHECK(find_route(table, "GET", "/a").route == 0U);
  CHECK(find_route(table, "DELETE", "/b").route == 2U);
  CHECK(find_route(table, "PUT", "/c/1").captures == std::vector<std::string>{"1"});
  CHECK(find_route(table, "GET", "/b").allowed == "POST, DELETE");
  CHECK_FALSE(find_route(table, "GET", "/b").route);
  CHECK(find_route(table, "GET", "/d").allowed.empty());
}

TEST_CASE("without a token, a request must name this machine and come from its own page", "[guard]") {
  const Guard guard{std::nullopt};
  const auto check = [&](std::string_view host, std::optional<std::string_view> origin,
                         std::optional<std::string_view> site) {
    Credentials credentials = from(host);
    credentials.origin = origin;
    credentials.fetch_site = site;
    return guard.check(Access::kToken, credentials);
  };
  CHECK(check("127.0.0.1:5000", {}, {}) == Verdict::kAllowed);
  CHECK(check("localhost:5000", "http://localhost:5000", "same-origin") == Verdict::kAllowed);
  CHECK(check("[::1]:5000", {}, "none") == Verdict::kAllowed);
  CHECK(check("evil.example:5000", {}, {}) == Verdict::kForeignPage);
  CHECK(check("", {}, {}) == Verdict::kForeignPage);
  CHECK(check("127.0.0.1:5000", "https://evil.example", {}) == Verdict::kForeignPage);
  CHECK(check("127.0.0.1:5000", "null", {}) == Verdict::kForeignPage);
  CHECK(check("127.0.0.1:5000", {}, "cross-site") == Verdict::kForeignPage);
}

TEST_CASE("with a token, a request shows it or a session", "[guard]") {
  Guard guard{"correct-horse-battery"};
  const auto with_authorization = [&](std::string_view value) {
    Credentials credentials = from("192.0.2.1:5000");
    credentials.authorization = value;
    return guard.check(Access::kToken, credentials);
  };
  CHECK(guard.check(Access::kToken, from("192.0.2.1")) == Verdict::kTokenMissing);
  CHECK(guard.check(Access::kOpen, from("192.0.2.1")) == Verdict::kAllowed);
  CHECK(with_authorization("Bearer correct-horse-battery") == Verdict::kAllowed);
  CHECK(with_authorization("bearer correct-horse-battery") == Verdict::kAllowed);
  CHECK(with_authorization("Bearer correct-horse-batterx") == Verdict::kTokenMissing);
  CHECK(with_authorization("Bearer ") == Verdict::kTokenMissing);
  CHECK(with_authorization("Bearer") == Verdict::kTokenMissing);
  CHECK(with_authorization("Basic dmlld2VyOmNvcnJlY3QtaG9yc2UtYmF0dGVyeQ==") == Verdict::kAllowed);
  CHECK(with_authorization("Basic dmlld2Vy") == Verdict::kTokenMissing);
  CHECK(with_authorization("Basic ????") == Verdict::kTokenMissing);

  Credentials query = from("192.0.2.1");
  query.query_token = "correct-horse-battery";
  CHECK(guard.check(Access::kToken, query) == Verdict::kTokenMissing);
  CHECK(guard.check(Access::kHook, query) == Verdict::kAllowed);

  const std::string session = guard.open_session();
  CHECK(session.size() == 64);
  const std::string cookie = "theme=dark; steg-session=" + session + "; x=y";
  Credentials with_cookie = from("192.0.2.1");
  with_cookie.cookie = cookie;
  CHECK(guard.check(Access::kToken, with_cookie) == Verdict::kAllowed);
  with_cookie.origin = "https://evil.example";
  CHECK(guard.check(Access::kToken, with_cookie) == Verdict::kForeignPage);
  with_cookie.origin.reset();
  guard.close_session(cookie);
  CHECK(guard.check(Access::kToken, with_cookie) == Verdict::kTokenMissing);
  with_cookie.cookie = "steg-session=";
  CHECK(guard.check(Access::kToken, with_cookie) == Verdict::kTokenMissing);
}

TEST_CASE("a token file has one long line", "[guard]") {
  const auto write = [](const std::string& text) {
    std::ofstream("token-test") << text;
    return read_token_file("token-test");
  };
  CHECK(write("0123456789abcdef\nrest") == "0123456789abcdef");
  CHECK_THROWS_AS(write("short\n"), ConfigError);
  CHECK_THROWS_AS(write("0123456789 abcdef\n"), ConfigError);
  CHECK_THROWS_AS(write(""), ConfigError);
  CHECK_THROWS_AS(read_token_file("no-such-file"), ConfigError);
  std::remove("token-test");
}

TEST_CASE("X-Forwarded-For counts from the last hop back, as far as proxies are known", "[guard]") {
  const std::vector<std::string> proxies{"127.0.0.1", "10.0.0.0/8", "fd00::/8"};
  CHECK(client_address("192.0.2.9", "198.51.100.1", proxies) == "192.0.2.9");
  CHECK(client_address("127.0.0.1", {}, proxies) == "127.0.0.1");
  CHECK(client_address("127.0.0.1", "198.51.100.1", proxies) == "198.51.100.1");
  CHECK(client_address("127.0.0.1", "203.0.113.5, 198.51.100.1 , 10.1.2.3", proxies) == "198.51.100.1");
  CHECK(client_address("fd00::1", "2001:db8::7", proxies) == "2001:db8::7");
  CHECK(client_address("127.0.0.1", "not an address", proxies) == "127.0.0.1");
  CHECK(client_address("127.0.0.1", "198.51.100.1", {}) == "127.0.0.1");
}

TEST_CASE("an X-Forwarded-For that is no address says nothing", "[guard]") {
  const std::vector<std::string> hostile{"'",
                                         "198.51.100.1'",
                                         "198.51.100.1'); DROP TABLE steg_audit_event; --",
                                         "\"198.51.100.1\"",
                                         std::string("198.51.100.1\0x", 14),
                                         "198.51.100.1\r\nX-Other: 1",
                                         "\xE2\x80\xAE"
                                         "1.001.15.891",
                                         "198.51.100.1\xFF",
                                         "198.51.100.1:80",
                                         "fe80::1%eth0'",
                                         std::string(10240, '1'),
                                         std::string(10240, ','),
                                         ""};
  for (const std::string& text : hostile) {
    INFO(text.substr(0, 100));
    CHECK(client_address("127.0.0.1", text, {"127.0.0.1"}) == "127.0.0.1");
    CHECK(client_address("127.0.0.1", text + ", 198.51.100.1", {"127.0.0.1"}) == "198.51.100.1");
  }
}

TEST_CASE("networks", "[guard]") {
  CHECK(is_in_networks("10.255.0.1", {"10.0.0.0/8"}));
  CHECK_FALSE(is_in_networks("11.0.0.1", {"10.0.0.0/8"}));
  CHECK(is_in_networks("192.0.2.130", {"192.0.2.128/25"}));
  CHECK_FALSE(is_in_networks("192.0.2.127", {"192.0.2.128/25"}));
  CHECK(is_in_networks("::ffff:10.0.0.1", {"10.0.0.0/8"}));
  CHECK(is_in_networks("198.51.100.1", {"0.0.0.0/0"}));
  CHECK_FALSE(is_in_networks("nonsense", {"0.0.0.0/0"}));
  CHECK_FALSE(is_network("10.0.0.0/33"));
  CHECK_FALSE(is_network("10.0.0.0/"));
  CHECK_FALSE(is_network("example.org"));
}

TEST_CASE("figures for Prometheus", "[metrics]") {
  MetricsText text;
  text.family("a_total", "counter", "Things.").value("", 3).family("empty", "gauge", "Nothing.");
  text.family("b", "gauge", "More.").value("stream=\"x\"", 0.5).value("stream=\"y\"", 1e9);
  CHECK(text.text() ==
        "# HELP a_total Things.\n# TYPE a_total counter\na_total 3\n"
        "# HELP b More.\n# TYPE b gauge\nb{stream=\"x\"} 0.5\nb{stream=\"y\"} 1e+09\n");
}
