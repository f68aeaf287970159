// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <catch2/catch.hpp>
#include <fstream>

#include "launcher/base/config_error.hpp"
#include "launcher/base/log.hpp"
#include "launcher/base/network.hpp"
#include "launcher/config/token_file.hpp"
#include "launcher/http/connection_table.hpp"
#include "launcher/http/guard.hpp"
#include "launcher/http/metrics_text.hpp"
#include "launcher/http/routes.hpp"
#include "launcher/playback/websocket_frames.hpp"

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
    return guard.check(Access::token, credentials);
  };
  CHECK(check("127.0.0.1:5000", {}, {}) == Verdict::allowed);
  CHECK(check("localhost:5000", "http://localhost:5000", "same-origin") == Verdict::allowed);
  CHECK(check("[::1]:5000", {}, "none") == Verdict::allowed);
  CHECK(check("evil.example:5000", {}, {}) == Verdict::foreign_page);
  CHECK(check("", {}, {}) == Verdict::foreign_page);
  CHECK(check("127.0.0.1:5000", "https://evil.example", {}) == Verdict::foreign_page);
  CHECK(check("127.0.0.1:5000", "null", {}) == Verdict::foreign_page);
  CHECK(check("127.0.0.1:5000", {}, "cross-site") == Verdict::foreign_page);
}

TEST_CASE("with a token, a request shows it or a session", "[guard]") {
  Guard guard{"correct-horse-battery"};
  const auto with_authorization = [&](std::string_view value) {
    Credentials credentials = from("192.0.2.1:5000");
    credentials.authorization = value;
    return guard.check(Access::token, credentials);
  };
  CHECK(guard.check(Access::token, from("192.0.2.1")) == Verdict::token_missing);
  CHECK(guard.check(Access::open, from("192.0.2.1")) == Verdict::allowed);
  CHECK(with_authorization("Bearer correct-horse-battery") == Verdict::allowed);
  CHECK(with_authorization("bearer correct-horse-battery") == Verdict::allowed);
  CHECK(with_authorization("Bearer correct-horse-batterx") == Verdict::token_missing);
  CHECK(with_authorization("Bearer ") == Verdict::token_missing);
  CHECK(with_authorization("Bearer") == Verdict::token_missing);
  CHECK(with_authorization("Basic dmlld2VyOmNvcnJlY3QtaG9yc2UtYmF0dGVyeQ==") == Verdict::allowed);
  CHECK(with_authorization("Basic dmlld2Vy") == Verdict::token_missing);
  CHECK(with_authorization("Basic ????") == Verdict::token_missing);

  Credentials query = from("192.0.2.1");
  query.query_token = "correct-horse-battery";
  CHECK(guard.check(Access::token, query) == Verdict::token_missing);
  CHECK(guard.check(Access::hook, query) == Verdict::allowed);

  const std::string session = guard.open_session();
  CHECK(session.size() == 64);
  const std::string cookie = "theme=dark; steg-session=" + session + "; x=y";
  Credentials with_cookie = from("192.0.2.1");
  with_cookie.cookie = cookie;
  CHECK(guard.check(Access::token, with_cookie) == Verdict::allowed);
  with_cookie.origin = "https://evil.example";
  CHECK(guard.check(Access::token, with_cookie) == Verdict::foreign_page);
  with_cookie.origin.reset();
  guard.close_session(cookie);
  CHECK(guard.check(Access::token, with_cookie) == Verdict::token_missing);
  with_cookie.cookie = "steg-session=";
  CHECK(guard.check(Access::token, with_cookie) == Verdict::token_missing);
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

TEST_CASE("connections: who says nothing makes way for who comes", "[connections]") {
  using Stage = ConnectionTable::Stage;
  const ConnectionTable::Time start{};
  const auto at = [&](int seconds) { return start + std::chrono::seconds(seconds); };
  std::array<char, 8> keys{};
  ConnectionTable table({4, 2});
  CHECK(table.add(&keys[0], "", at(0)).admitted);
  table.enter(&keys[0], Stage::waiting, at(0));
  CHECK(table.add(&keys[1], "", at(1)).admitted);
  CHECK(table.add(&keys[2], "", at(2)).admitted);
  table.enter(&keys[1], Stage::body, at(3));
  CHECK(table.add(&keys[3], "", at(3)).admitted);
  // Those without a request go first, the oldest of them, and nobody who waits for an answer.
  CHECK(table.add(&keys[4], "", at(4)).pushed_out == &keys[2]);
  CHECK(table.add(&keys[5], "", at(4)).pushed_out == &keys[3]);
  CHECK(table.size() == 4);
  table.enter(&keys[4], Stage::answering, at(5));
  table.enter(&keys[5], Stage::answering, at(5));
  CHECK(table.add(&keys[6], "", at(5)).pushed_out == &keys[1]);
  table.enter(&keys[6], Stage::answering, at(5));
  CHECK_FALSE(table.add(&keys[7], "", at(5)).admitted);
  table.remove(&keys[0]);
  CHECK(table.add(&keys[7], "", at(5)).admitted);
}

TEST_CASE("connections: each address has its limit, streams leave room", "[connections]") {
  const ConnectionTable::Time now{};
  std::array<char, 6> keys{};
  ConnectionTable table({4, 2});
  CHECK(table.add(&keys[0], "a", now).admitted);
  CHECK(table.make_lasting(&keys[0]));
  CHECK(table.add(&keys[1], "a", now).admitted);
  CHECK(table.make_lasting(&keys[1]));
  CHECK_FALSE(table.add(&keys[2], "a", now).admitted);
  CHECK(table.add(&keys[2], "b", now).admitted);
  CHECK_FALSE(table.make_lasting(&keys[2]));
  CHECK(table.add(&keys[3], "", now).admitted);
  table.remove(&keys[1]);
  CHECK(table.make_lasting(&keys[2]));
  CHECK_FALSE(table.make_lasting(&keys[1]));
  table.remove(&keys[1]);
  CHECK(table.add(&keys[1], "a", now).admitted);
}

TEST_CASE("connections: headers, bodies and answers have their time", "[connections]") {
  using Stage = ConnectionTable::Stage;
  const ConnectionTable::Time start{};
  const auto at = [&](int seconds) { return start + std::chrono::seconds(seconds); };
  const char key = 0;
  ConnectionTable table({4, 4});
  table.add(&key, "", at(0));
  CHECK(table.overdue(at(10)).empty());
  CHECK(table.overdue(at(11)) == std::vector<ConnectionTable::Key>{&key});
  table.enter(&key, Stage::body, at(5));
  CHECK(table.overdue(at(35)).empty());
  CHECK(table.overdue(at(36)).size() == 1);
  table.progress(&key, at(34));
  CHECK(table.overdue(at(64)).empty());
  table.progress(&key, at(600));
  CHECK(table.overdue(at(606)).size() == 1);
  table.enter(&key, Stage::waiting, at(20));
  CHECK(table.overdue(at(10000)).empty());
  table.enter(&key, Stage::answering, at(10000));
  CHECK(table.overdue(at(10031)).size() == 1);
  table.make_lasting(&key);
  table.enter(&key, Stage::waiting, at(10001));
  CHECK(table.stage(&key) == Stage::lasting);
  CHECK(table.overdue(at(100000)).empty());
}

TEST_CASE("WebSocket: what a server sends", "[websocket]") {
  CHECK(websocket_header(WebSocketKind::binary, 125) == "\x82\x7d");
  CHECK(websocket_header(WebSocketKind::binary, 126) == std::string("\x82\x7e\x00\x7e", 4));
  CHECK(websocket_header(WebSocketKind::binary, 65536) == std::string("\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10));
}

TEST_CASE("WebSocket: viewers may ask for a sign of life, and nothing else", "[websocket]") {
  const WebSocketInput::Time now{};
  const auto takes = [&](WebSocketInput& input, const std::string& bytes) {
    return input.take(bytes.data(), bytes.size(), now);
  };
  const std::string ping("\x89\x82\x01\x02\x03\x04ik", 8);
  WebSocketInput input;
  CHECK(takes(input, ping.substr(0, 3)));
  CHECK(input.take_pong().empty());
  CHECK(takes(input, ping.substr(3)));
  CHECK(input.take_pong() == "\x8a\x02hi");
  CHECK(input.take_pong().empty());
  CHECK(takes(input, std::string("\x89\x80\0\0\0\0", 6)));
  CHECK(input.take_pong() == std::string("\x8a\0", 2));
  CHECK(takes(input, std::string("\x8a\x80\0\0\0\0", 6)));
  CHECK(input.take_pong().empty());
  for (const std::string& refused :
       {std::string("\x82"), std::string("\x02"), std::string("\x81"), std::string("\x80"), std::string("\x88"),
        std::string("\x09"), std::string("\xc9"), std::string("\x89\x02", 2), std::string("\x89\xfe")}) {
    WebSocketInput another;
    CHECK_FALSE(takes(another, refused));
  }
  WebSocketInput eager;
  int taken = 0;
  while (taken < 1000 && takes(eager, ping)) ++taken;
  CHECK(taken == WebSocketInput::kMostPings);
  const WebSocketInput::Time later = now + WebSocketInput::kPingTime + std::chrono::seconds(1);
  CHECK(eager.take(ping.data(), ping.size(), later));
}

TEST_CASE("a page of another site is told by its Referer where nothing else tells", "[guard]") {
  const Guard guard(std::nullopt);
  Credentials credentials = from("127.0.0.1:5000");
  const auto verdict = [&](std::string_view referer) {
    credentials.referer = referer;
    return guard.check(Access::token, credentials);
  };
  CHECK(verdict("http://127.0.0.1:5000/page") == Verdict::allowed);
  CHECK(verdict("http://127.0.0.1:5000") == Verdict::allowed);
  CHECK(verdict("https://evil.example/127.0.0.1:5000") == Verdict::foreign_page);
  CHECK(verdict("http://127.0.0.1:5001/") == Verdict::foreign_page);
  CHECK(verdict("nonsense") == Verdict::foreign_page);
  credentials.fetch_site = "same-origin";
  CHECK(verdict("https://evil.example/") == Verdict::allowed);
}

TEST_CASE("what strangers wrote stays on its line of the log", "[log]") {
  CHECK(one_line("plain, \u00e4 \u65e5") == "plain, \u00e4 \u65e5");
  CHECK(one_line("a\nsteg-launch: b\r\x1b[2J\x7f") == "a\\nsteg-launch: b\\x0D\\x1B[2J\\x7F");
  CHECK(one_line("\u202e\u0085") == "\\xE2\\x80\\xAE\\xC2\\x85");
}
