// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "launcher/base/config_error.hpp"
#include "launcher/config/launch_config.hpp"

using namespace launcher;

namespace {

Groups minimal() { return {{"pipeline", {{"description", "videotestsrc ! fakesink"}}}}; }

Groups with(const std::string& group, const std::string& key, const std::string& value) {
  Groups groups = minimal();
  groups[group][key] = value;
  return groups;
}

}  // namespace

TEST_CASE("a file with a description alone has the documented defaults", "[config]") {
  const LaunchConfig all = read_config(minimal(), {}, "file");
  const StreamConfig& config = all.streams.at(0);
  CHECK(all.streams.size() == 1);
  CHECK(config.name == "file");
  CHECK(config.description == "videotestsrc ! fakesink");
  CHECK_FALSE(all.server.listen);
  CHECK(config.rate.encoder.empty());
  CHECK(config.restart.on_eos == OnEnd::exit);
  CHECK(config.restart.on_error == OnEnd::exit);
  CHECK(config.restart.initial_delay == Seconds(0.25));
  CHECK(config.restart.max_delay == Seconds(4));
  CHECK(config.restart.stop_timeout == Seconds(3));
}

TEST_CASE("every key is read", "[config]") {
  const Groups groups{
      {"pipeline", {{"description", "a b=${x} ! c"}, {"optional", "sound; more"}, {"optional-wait", "2.5"}}},
      {"variables", {{"x", "1"}}},
      {"control",
       {{"listen", "[::1]:0"},
        {"id", "mark.id"},
        {"properties", "mark.strength;enc.bitrate"},
        {"token-file", "token"},
        {"tls-certificate", "c.pem"},
        {"tls-key", "k.pem"},
        {"proxies", "127.0.0.1; 10.0.0.0/8"},
        {"client-ip", "audit.client-ip"},
        {"client-ip-from", "publisher"}}},
      {"playback", {{"flv", "mux"}, {"hls", "http://127.0.0.1:8080/hls/stream.m3u8"}}},
      {"rate", {{"encoder", "enc"}, {"key-interval", "1"}}},
      {"restart",
       {{"on-eos", "restart"},
        {"on-error", "restart"},
        {"initial-delay", "0.5"},
        {"max-delay", "8"},
        {"stable-after", "2"},
        {"give-up-after", "60"},
        {"stall-timeout", "0"},
        {"idle-timeout", "${x}"},
        {"stop-timeout", "1"}}}};
  const LaunchConfig all = read_config(groups, {{"x", "2"}}, "file");
  const StreamConfig& config = all.streams.at(0);
  CHECK(config.description == "a b=2 ! c");
  CHECK(config.optional == std::vector<std::string>{"sound", "more"});
  CHECK(config.optional_wait == Seconds(2.5));
  CHECK(all.server.listen->host == "::1");
  CHECK(all.server.listen->port == 0);
  CHECK(*config.control.id == PropertyName{"mark", "id"});
  CHECK(config.control.properties == std::vector<PropertyName>{{"mark", "strength"}, {"enc", "bitrate"}});
  CHECK(all.server.token_file == "token");
  CHECK(all.server.tls_certificate == "c.pem");
  CHECK(all.server.tls_key == "k.pem");
  CHECK(all.server.proxies == std::vector<std::string>{"127.0.0.1", "10.0.0.0/8"});
  CHECK(*config.control.client_ip == PropertyName{"audit", "client-ip"});
  CHECK(config.control.client_ip_of_publisher);
  CHECK(config.playback.flv == "mux");
  CHECK(config.playback.hls.at("") == "http://127.0.0.1:8080/hls/stream.m3u8");
  CHECK(config.rate.encoder == "enc");
  CHECK(config.rate.key_interval == Seconds(1));
  CHECK(config.restart.on_eos == OnEnd::restart);
  CHECK(config.restart.on_error == OnEnd::restart);
  CHECK(config.restart.give_up_after == Seconds(60));
  CHECK(config.restart.stall_timeout == Seconds(0));
  CHECK(config.restart.idle_timeout == Seconds(2));
  CHECK(config.restart.stable_after == Seconds(2));
}

TEST_CASE("a [control] group alone serves the original address", "[config]") {
  const LaunchConfig all = read_config(with("control", "id", "mark.id"), {}, "file");
  CHECK(all.server.listen->host == "127.0.0.1");
  CHECK(all.server.listen->port == 5000);
}

TEST_CASE("mistakes in a file are named with group and key", "[config]") {
  const auto refuses = [](const Groups& groups, const std::string& start, const std::string& part) {
    CHECK_THROWS_WITH(read_config(groups, {}, "file"), Catch::StartsWith(start) && Catch::Contains(part));
  };
  refuses({}, "[pipeline] description:", "missing");
  refuses(with("pipeline", "description", "  "), "[pipeline] description:", "missing");
  refuses(with("pipeline", "desc", "x"), "[pipeline] desc:", "no such key");
  refuses(with("extras", "a", "b"), "[extras]:", "no such group");
  refuses(with("rtsp", "port", "8554"), "[rtsp] port:", "no such key");
  refuses(with("rtsp", "listen", "127.0.0.1:8554"), "[rtsp]:", "[playback]");
  refuses(with("pipeline", "description", "a b=${x}"), "[pipeline] description:", "'${x}'");
  refuses(with("variables", "unused", "1"), "[variables] unused:", "does not use");
  refuses(with("control", "listen", "example.org:5000"), "[control] listen:", "IP address");
  refuses(with("control", "proxies", "10.0.0.0/33"), "[control] proxies:", "'10.0.0.0/33'");
  refuses(with("control", "client-ip", "audit"), "[control] client-ip:", "element.property");
  refuses(with("control", "client-ip-from", "both"), "[control] client-ip-from:", "'both'");
  refuses(with("stream a b", "x", "1"), "[stream a b]:", "letters");
  refuses(with("stream a", "x", "1"), "[stream a] x:", "no such variable");
  refuses(with("control", "listen", "127.0.0.1"), "[control] listen:", "ADDRESS:PORT");
  refuses(with("control", "listen", "127.0.0.1:99999"), "[control] listen:", "ADDRESS:PORT");
  refuses(with("control", "id", "id"), "[control] id:", "element.property");
  refuses(with("control", "id", "a.b;c.d"), "[control] id:", "one element.property");
  refuses(with("restart", "on-eos", "maybe"), "[restart] on-eos:", "'maybe'");
  refuses(with("restart", "initial-delay", "soon"), "[restart] initial-delay:", "'soon'");
  refuses(with("restart", "initial-delay", "-1"), "[restart] initial-delay:", "'-1'");
  refuses(with("restart", "initial-delay", "nan"), "[restart] initial-delay:", "'nan'");
  refuses(with("restart", "max-delay", "0.1"), "[restart] max-delay:", "less than initial-delay");
  refuses(with("rate", "key-interval", "2"), "[rate] encoder:", "missing");
  refuses(with("rate", "encoders", "x"), "[rate] encoders:", "no such key");
}

TEST_CASE("--set refuses variables that the file does not have", "[config]") {
  CHECK_THROWS_WITH(read_config(minimal(), {{"idd", "x"}}, "file"),
                    Catch::StartsWith("--set idd:") && Catch::Contains("none"));
}

TEST_CASE("[stream NAME] groups make one stream each, with values of their own", "[config]") {
  const Groups groups{{"pipeline", {{"description", "a b=${x} c=${y}"}}},
                      {"variables", {{"x", "1"}, {"y", "1"}}},
                      {"stream one", {{"x", "2"}}},
                      {"stream two", {}}};
  const LaunchConfig config = read_config(groups, {{"y", "3"}, {"two.x", "4"}}, "file");
  REQUIRE(config.streams.size() == 2);
  CHECK(config.streams[0].name == "one");
  CHECK(config.streams[0].description == "a b=2 c=3");
  CHECK(config.streams[1].name == "two");
  CHECK(config.streams[1].description == "a b=4 c=3");
  CHECK_THROWS_WITH(read_config(groups, {{"three.x", "4"}}, "file"), Catch::Contains("no stream 'three'"));
}

TEST_CASE("[recipient NAME] groups each add their part", "[config]") {
  Groups groups{{"pipeline",
                 {{"description", "a b=${x} name=words ! e"},
                  {"recipient", "c name=m-${recipient} d=${id}"},
                  {"optional", "sound; words"}}},
                {"variables", {{"x", "1"}, {"id", ""}}},
                {"playback", {{"flv", "mux"}, {"hls", "http://h/${x}/${recipient}.m3u8"}}},
                {"recipient bob", {{"id", "B"}}},
                {"recipient alice", {}}};
  const LaunchConfig config = read_config(groups, {{"alice.id", "A"}}, "file");
  REQUIRE(config.streams.size() == 1);
  CHECK(config.streams[0].description == "a b=1 name=words ! e c name=m-alice d=A c name=m-bob d=B");
  CHECK(config.streams[0].recipients == std::vector<std::string>{"alice", "bob"});
  CHECK(config.streams[0].copies() == config.streams[0].recipients);
  CHECK(config.streams[0].optional == std::vector<std::string>{"sound-alice", "sound-bob", "words"});
  CHECK(config.streams[0].playback.hls ==
        std::map<std::string, std::string>{{"alice", "http://h/1/alice.m3u8"}, {"bob", "http://h/1/bob.m3u8"}});
  CHECK(for_recipient(PropertyName{"mark", "id"}, "bob") == PropertyName{"mark-bob", "id"});
  CHECK(for_recipient(PropertyName{"mark", "id"}, "") == PropertyName{"mark", "id"});
  CHECK_THROWS_WITH(read_config(with("recipient a", "x", "1"), {}, "file"), Catch::StartsWith("[pipeline] recipient:"));
  CHECK_THROWS_WITH(read_config(with("playback", "hold-output", "true"), {}, "file"),
                    Catch::StartsWith("[playback] hold-output:"));
  groups["playback"]["output"] = "rtmp://h/a";
  CHECK_THROWS_WITH(read_config(groups, {}, "file"), Catch::StartsWith("[playback] output:"));
}

TEST_CASE("another than a loopback address needs a token, TLS needs both files", "[config]") {
  ServerSettings server;
  server.listen = Address{"0.0.0.0", 5000};
  CHECK_THROWS_WITH(check_server(server), Catch::Contains("token-file"));
  server.token_file = "token";
  CHECK_NOTHROW(check_server(server));
  server.tls_key = "key.pem";
  CHECK_THROWS_WITH(check_server(server), Catch::Contains("tls-certificate"));
  server = ServerSettings();
  server.listen = Address{"::1", 5000};
  CHECK_NOTHROW(check_server(server));
}

TEST_CASE("addresses", "[address]") {
  CHECK(parse_address("localhost:80").host == "127.0.0.1");
  CHECK(parse_address("192.168.1.1:80").host == "192.168.1.1");
  CHECK(parse_address("[::]:80").host == "::");
  CHECK_THROWS_AS(parse_address("example.org:80"), ConfigError);
  CHECK_THROWS_AS(parse_address("127.0.0.1:"), ConfigError);
  CHECK_THROWS_AS(parse_address("127.0.0.1:5x"), ConfigError);
  CHECK(is_loopback_host("127.0.0.1:5000"));
  CHECK(is_loopback_host("[::1]:5000"));
  CHECK(is_loopback_host("::1"));
  CHECK_FALSE(is_loopback_host("evil.example:5000"));
  CHECK_FALSE(is_loopback_host(""));
}

TEST_CASE("credentials do not show", "[address]") {
  CHECK(without_credentials("rtmp://user:secret@host:1935/live/x") == "rtmp://host:1935/live/x");
  CHECK(without_credentials("rtmp://host/live/a@b") == "rtmp://host/live/a@b");
  CHECK(without_credentials("/a/file@home.mp4") == "/a/file@home.mp4");
}

TEST_CASE("[edge] is read with its variables, and lacks nothing that keeps it closed", "[config]") {
  CHECK_FALSE(read_config(minimal(), {}, "file").server.edge);
  Groups groups = minimal();
  groups["variables"] = {{"folder", "film"}};
  groups["edge"] = {{"media", "${folder}"}, {"key-file", "steg.key"}, {"variants", "4"},
                    {"bias", "uniform"},    {"database", "sqlite:x"}, {"stream", "more"},
                    {"playlist", "v.m3u8"}, {"first-position", "0"}};
  const auto edge = read_config(groups, {{"folder", "other"}}, "file").server.edge;
  REQUIRE(edge);
  CHECK(edge->media == "other");
  CHECK(edge->key_file == "steg.key");
  CHECK(edge->token_key_file.empty());
  CHECK(edge->variants == 4);
  CHECK(edge->uniform);
  CHECK(edge->database == "sqlite:x");
  CHECK(edge->stream == "more");
  CHECK(edge->playlist == "v.m3u8");
  CHECK(edge->first_position == 0);
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"variants", "1"},        {"variants", "5"},
      {"bias", "tardos"},       {"first-position", "4294967296"},
      {"first-position", "-1"}, {"playlist", "a/index.m3u8"},
      {"playlist", ""},         {"media", ""},
      {"key-file", ""},         {"other", "1"}};
  for (const auto& [name, value] : wrong) {
    CAPTURE(name, value);
    Groups changed = groups;
    if (name == "media") changed.erase("variables");
    changed["edge"][name] = value;
    CHECK_THROWS_AS(read_config(changed, {}, "file"), ConfigError);
  }
}
