// Tokens in the audit log, and what the edge gives for them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edge_world.hpp"
#include "launcher/tokens/encrypted_pattern.hpp"
#include "launcher/tokens/jws.hpp"
#include "launcher/tokens/watermark_token.hpp"
#include "plugins/auditlog/audit_query.hpp"
#include "plugins/auditlog/verify_chain.hpp"
#include "plugins/steg/sequences/pattern_name.hpp"
#include "tests/unit/auditlog/support.hpp"
#include "token_samples.hpp"

using namespace edge_test;

namespace {

const tokens::TokenKey& hmac_key() {
  static const tokens::TokenKey value = tokens::TokenKey::hmac(token_key(key()));
  return value;
}

tokens::WatermarkToken claims() {
  tokens::WatermarkToken token;
  token.iat = kNow / 1000000;
  token.exp = token.iat + 600;
  token.jti = "00000000-0000-4000-8000-000000000000";
  token.wmpatlen = 100;
  token.indirect = {"alice", 0, 1};
  return token;
}

}  // namespace

TEST_CASE("a viewer gets the variants of their own pattern, under neutral names", "[edge]") {
  World world;
  const steg::Sequences sequences(key(), 2);
  for (const TokenFormat format : {TokenFormat::jwt, TokenFormat::cwt}) {
    const std::string token = world.office->issue("alice", "", 10, format).token;
    const auto pattern = sequences.pattern("alice", 500, 10);
    for (int i = 0; i < 10; ++i) {
      const Served served = world.edge->serve_path("/watch/" + token + "/" + World::segment(i) + "?_=1");
      CHECK(served.folder == std::string(1, static_cast<char>('a' + pattern[static_cast<std::size_t>(i)])));
      CHECK(served.path == world.folder / served.folder / World::segment(i));
      CHECK(served.viewer == "alice");
    }
    const Served playlist = world.edge->serve_path("/watch/" + token + "/index.m3u8");
    CHECK(playlist.path.empty());
    CHECK(playlist.text.find("000009.ts") != std::string::npos);
  }
}

TEST_CASE("whoever has no good token gets nothing", "[edge]") {
  World world;
  const std::string token = world.token();
  CHECK(world.status_of(token) == 200);
  SECTION("without one") {
    CHECK(world.status_of("") == 401);
    CHECK(world.status("/watch/000003.ts") == 401);
    CHECK(world.status("/000003.ts") == 401);
    CHECK(world.status("") == 401);
  }
  SECTION("altered, cut, of another key") {
    for (const std::size_t at : {std::size_t{3}, token.find('.') + 5, token.size() - 5}) {
      std::string altered = token;
      altered[at] = altered[at] == 'A' ? 'B' : 'A';
      CHECK(world.status_of(altered) == 403);
      CHECK(world.status_of(token.substr(0, at)) == 403);
    }
    CHECK(world.status_of(token + ".x") == 403);
    CHECK(world.status_of(tokens::sign_jwt(claims(), tokens::TokenKey::hmac(std::string(32, 'k')))) == 403);
  }
  SECTION("alg none, and another alg") {
    const std::string payload = token.substr(token.find('.'), token.rfind('.') - token.find('.'));
    CHECK(world.status_of("eyJhbGciOiJub25lIn0" + payload + ".") == 403);
    const tokens::Jws content = tokens::open_jws(token, hmac_key());
    CHECK(world.status_of(tokens::sign_jws({R"({"alg":"none"})", content.payload}, hmac_key())) == 403);
    CHECK(world.status_of(tokens::sign_jws({R"({"alg":"ES256"})", content.payload}, hmac_key())) == 403);
  }
  SECTION("long") {
    CHECK(world.status_of(std::string(8192, 'A')) == 403);
    CHECK(world.status_of(token + std::string(8192, 'A')) == 403);
  }
  SECTION("expired, not valid yet, with clocks that differ a little") {
    world.now = kNow + 10 * kMinute + 29000000;
    CHECK(world.status_of(token) == 200);
    world.now = kNow + 10 * kMinute + 31000000;
    CHECK(world.status_of(token) == 403);
    world.now = kNow - 29000000;
    CHECK(world.status_of(token) == 200);
    world.now = kNow - 31000000;
    CHECK(world.status_of(token) == 403);
  }
  SECTION("signed, but not in the log; with a pattern of its own") {
    CHECK(world.status_of(tokens::sign_jwt(claims(), hmac_key())) == 403);
    tokens::WatermarkToken other = claims();
    other.jti.reset();
    CHECK(world.status_of(tokens::sign_jwt(other, hmac_key())) == 403);
    other = claims();
    other.indirect.reset();
    other.wmpattern = std::string(13, '\0');
    CHECK(world.status_of(tokens::sign_jwt(other, hmac_key())) == 403);
    CHECK(world.status_of(tokens::sign_cwt(other, hmac_key())) == 403);
  }
}

TEST_CASE("with a key of ES256 tokens of that key alone are taken", "[edge]") {
  World world;
  const std::string before = world.token();
  world.token_key = tokens::Es256Key::from_pem(tokens::test::kEs256Pem);
  world.start();
  for (const TokenFormat format : {TokenFormat::jwt, TokenFormat::cwt}) {
    const std::string token = world.office->issue("alice", "", 10, format).token;
    CHECK(world.status_of(token) == 200);
    world.token_key = tokens::Es256Key::from_pem(world.token_key->public_pem());
    world.start();
    CHECK(world.status_of(token) == 200);
    CHECK_THROWS_AS(world.office->issue("alice", "", 10, format), steg::KeyError);
    world.token_key = tokens::Es256Key::from_pem(tokens::test::kEs256Pem);
    world.start();
  }
  CHECK(world.status_of(before) == 403);
  CHECK(world.status_of(tokens::sign_jwt(claims(), hmac_key())) == 403);
  const tokens::TokenKey forged = tokens::TokenKey::hmac(world.token_key->public_pem());
  CHECK(world.status_of(tokens::sign_jwt(claims(), forged)) == 403);
  CHECK(world.status_of(tokens::sign_cwt(claims(), forged)) == 403);
  // What was not handed out has no row in the log.
  CHECK(world.office->list().size() == 3);
}

TEST_CASE("a direct token brings its viewer's pattern, encrypted", "[edge]") {
  World world;
  const auto pattern = steg::Sequences(key(), 2).pattern("alice", 500, 7);
  for (const TokenFormat format : {TokenFormat::jwt, TokenFormat::cwt}) {
    const TokenOffice::Issued issued = world.office->issue("alice", "", 10, format, 7);
    for (int i = 0; i < 7; ++i) {
      const Served served = world.edge->serve_path("/watch/" + issued.token + "/" + World::segment(i));
      CHECK(served.folder == std::string(1, static_cast<char>('a' + pattern[static_cast<std::size_t>(i)])));
      CHECK(served.viewer == "alice");
      CHECK(served.token == issued.info.id);
    }
    // The pattern has ended.
    for (int i = 7; i < 10; ++i) CHECK(world.status("/watch/" + issued.token + "/" + World::segment(i)) == 403);
    REQUIRE(world.office->revoke(issued.info.id));
    CHECK(world.status_of(issued.token) == 403);
  }
  // A token that is in the log, with a pattern that was encrypted with another key, or not at all.
  const TokenOffice::Issued issued = world.office->issue("alice", "", 10, TokenFormat::jwt, 7);
  CHECK(world.status_of(issued.token) == 200);
  tokens::WatermarkToken other = tokens::verify_jwt(issued.token, hmac_key(), kNow / 1000000);
  REQUIRE(other.encrypted);
  const std::string clear = tokens::decrypt_pattern(*other.encrypted, pattern_key(key()));
  CHECK_THROWS_AS(tokens::decrypt_pattern(*other.encrypted, key().subkey("wm token 1")), tokens::TokenError);
  other.encrypted = tokens::encrypt_pattern(clear, key().subkey("wm token 1"));
  CHECK(world.status_of(tokens::sign_jwt(other, hmac_key())) == 403);
  other.encrypted.reset();
  other.wmpattern = clear;
  CHECK(world.status_of(tokens::sign_jwt(other, hmac_key())) == 403);
  for (const std::int64_t segments : {std::int64_t{-1}, std::int64_t{32268 + 1}, INT64_MAX, INT64_MIN})
    CHECK_THROWS_AS(world.office->issue("alice", "", 10, TokenFormat::jwt, segments), std::invalid_argument);
  CHECK_NOTHROW(world.office->issue("alice", "", 10, TokenFormat::jwt, 32268));
}

TEST_CASE("a direct pattern has two variants", "[edge]") {
  World world;
  OfficeSettings settings;
  settings.variants = 4;
  settings.log.database = world.database();
  settings.log.stream = "others";
  TokenOffice office(settings, key(), {});
  CHECK_THROWS_AS(office.issue("alice", "", 10, TokenFormat::jwt, 7), std::invalid_argument);
  CHECK_NOTHROW(office.issue("alice", "", 10, TokenFormat::jwt));
}

TEST_CASE("nothing but the playlist and its segments is there", "[edge]") {
  World world;
  const std::string watch = "/watch/" + world.token() + "/";
  const std::string name =
      GENERATE(as<std::string>(), "000010.ts", "999999.ts", "4294967296.ts", "a/000003.ts", "b/000003.ts",
               "../a/000003.ts", "..%2fa%2f000003.ts", "%61/000003.ts", "000003%2ets", "000003.ts/", "./000003.ts", "",
               "000003", "000003.TS", "000003.ts.", "-1.ts", "+3.ts", " 3.ts", "0x3.ts", "index.m3u8/", "a/index.m3u8",
               "audit.db", "../audit.db", "..", "/", "000003.ts%00", "000003.ts;a");
  CAPTURE(name);
  CHECK(world.status(watch + name) == 404);
}

TEST_CASE("a missing file, and playlists that are not there or not neutral", "[edge]") {
  World world;
  const std::string watch = "/watch/" + world.token() + "/";
  const Served served = world.edge->serve_path(watch + "000003.ts");
  std::filesystem::remove(served.path);
  CHECK(world.status(watch + "000003.ts") == 503);
  std::filesystem::create_directory(served.path);
  CHECK(world.status(watch + "000003.ts") == 503);
  // Never the other variant's in its place.
  CHECK(world.status(watch + "000004.ts") == 200);
  SECTION("one variant has none") { std::filesystem::remove(world.folder / "b" / "index.m3u8"); }
  SECTION("it names a variant") { world.write("b", "index.m3u8", "#EXTM3U\n#EXTINF:2,\nb/000004.ts\n"); }
  SECTION("it is none") { world.write("a", "index.m3u8", "<html>"); }
  SECTION("it is empty") { world.write("a", "index.m3u8", "#EXTM3U\n"); }
  CHECK(world.status(watch + "index.m3u8") == 503);
  CHECK(world.status(watch + "000004.ts") == 503);
}

TEST_CASE("a token's row is in the log before it is handed out, and revoking it lasts", "[edge]") {
  World world;
  const TokenOffice::Issued issued = world.office->issue("alice", "192.0.2.7", 10, TokenFormat::jwt);
  const std::string other = world.token("bob");
  CHECK(world.office->list().size() == 2);

  CHECK(world.status_of(issued.token) == 200);
  world.now += kMinute;
  CHECK_FALSE(world.office->revoke("00000000-0000-4000-8000-000000000000"));
  REQUIRE(world.office->revoke(issued.info.id));
  CHECK(world.office->revoke(issued.info.id)->revoked == "2026-11-22T11:31:00.000000Z");
  CHECK(world.status_of(issued.token) == 403);
  CHECK(world.status_of(other) == 200);
  world.start();
  CHECK(world.status_of(issued.token) == 403);
  CHECK(world.status_of(other) == 200);
  const auto list = world.office->list();
  REQUIRE(list.size() == 2);
  for (const TokenInfo& info : list) {
    CHECK(info.revoked == (info.viewer == "alice" ? "2026-11-22T11:31:00.000000Z" : ""));
    CHECK(info.last_seen == (info.viewer == "bob" ? "2026-11-22T11:31:00.000000Z" : ""));
    CHECK(info.client_ip == "192.0.2.7");
  }
  const auto rows = audit::find_by_id(world.database(), "alice");
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].session == issued.info.id);
  CHECK(rows[0].model_fingerprint == steg::pattern_name(steg::Sequences(key(), 2), steg::Bias::arcsine, "alice", 500));
  CHECK(rows[0].key_fingerprint == key().fingerprint());
  CHECK(audit::verify_chain(world.database(), audit::kTokenStream, {audit::chain_key(key())}).intact());
}

TEST_CASE("a token that another process issued is known at once", "[edge]") {
  World world;
  OfficeSettings settings;
  settings.log.database = world.database();
  settings.log.stream = audit::kTokenStream;
  settings.log.spool = (world.folder / "other.spool").string();
  std::string token;
  {
    TokenOffice other(settings, key(), {}, [&] { return world.now; });
    token = other.issue("carol", "", 10, TokenFormat::cwt).token;
  }
  CHECK(world.status_of(token) == 200);
}

TEST_CASE("viewers and times that cannot be are refused", "[edge]") {
  World world;
  for (const std::string& viewer :
       {std::string(), std::string(101, 'x'), std::string("a\nb"), std::string("\xFF"), std::string("a\0b", 3)})
    CHECK_THROWS_AS(world.office->issue(viewer, "", 10, TokenFormat::jwt), std::invalid_argument);
  for (const std::int64_t minutes : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{10081}, INT64_MAX})
    CHECK_THROWS_AS(world.office->issue("alice", "", minutes, TokenFormat::jwt), std::invalid_argument);
  CHECK(world.office->list().empty());
}

TEST_CASE("a revocation that the log does not take is said, holds, and can be tried again", "[edge]") {
  World world;
  const TokenOffice::Issued issued = world.office->issue("alice", "192.0.2.7", 10, TokenFormat::jwt);
  {
    const test::FileSizeLimit full(0);
    CHECK_THROWS_AS(world.office->revoke(issued.info.id), audit::AuditError);
  }
  CHECK(world.status_of(issued.token) == 403);
  CHECK(world.office->list()[0].revoked.empty());
  REQUIRE(test::eventually([&] {
    try {
      return !world.office->revoke(issued.info.id)->revoked.empty();
    } catch (const audit::AuditError&) {
      return false;
    }
  }));
  CHECK_FALSE(world.office->list()[0].revoked.empty());
  world.start();
  CHECK(world.status_of(issued.token) == 403);
  CHECK_FALSE(world.office->list()[0].revoked.empty());
  CHECK(audit::find_by_id(world.database(), "alice")[0].intervals == 1);
  CHECK(audit::verify_chain(world.database(), audit::kTokenStream, {audit::chain_key(key())}).intact());
}
