// WM tokens: what is signed comes back, and nothing else is taken.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "launcher/tokens/base64url.hpp"
#include "launcher/tokens/claims_json.hpp"
#include "launcher/tokens/jws.hpp"
#include "launcher/tokens/watermark_token.hpp"
#include "token_samples.hpp"

using namespace tokens;
using tokens::test::direct;
using tokens::test::kKey;
using tokens::test::kOtherKey;
using tokens::test::kSecret;

namespace {

constexpr char kHeader[] = R"({"alg":"HS256","typ":"JWT"})";

/// Why a token is refused.
Refusal refusal(const std::string& token, std::int64_t now = 1500, const TokenKey& key = kKey) {
  try {
    verify_jwt(token, key, now);
  } catch (const TokenError& error) {
    // A log may have this line.
    if (token.size() > 20) CHECK(std::string(error.what()).find(token) == std::string::npos);
    return error.refusal();
  }
  FAIL("the token was taken");
  return Refusal::malformed;
}

std::string signed_claims(const std::string& json, const std::string& header = kHeader) {
  return sign_jws({header, json}, kKey);
}

}  // namespace

TEST_CASE("base64url is that of RFC 4648, and one text has one spelling", "[tokens]") {
  const std::vector<std::pair<std::string, std::string>> vectors = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xFB\xFF", "-_8"}};
  for (const auto& [bytes, text] : vectors) {
    CHECK(base64url(bytes) == text);
    CHECK(bytes_of_base64url(text) == bytes);
  }
  for (const char* text : {"A", "Zh", "Zm9", "Zg==", "Zg=", "+/8", "Zm9v\n", " ", "Zm9vY", "\xC3\xA9"}) {
    CAPTURE(text);
    CHECK_FALSE(bytes_of_base64url(text));
  }
}

TEST_CASE("signatures are those of RFC 7515, appendix A.1", "[tokens]") {
  const TokenKey key = TokenKey::hmac(
      *bytes_of_base64url("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"));
  const Jws content = {"{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}",
                       "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"};
  const std::string token =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
      "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  CHECK(sign_jws(content, key) == token);
  CHECK(open_jws(token, key).header == content.header);
  CHECK(open_jws(token, key).payload == content.payload);
}

TEST_CASE("a direct token comes back with its claims", "[tokens]") {
  WatermarkToken token = direct();
  token.nbf = 1200;
  token.jti = "5f3c";
  token.wmsegduration = {60000, 10000};
  const WatermarkToken back = verify_jwt(sign_jwt(token, kKey), kKey, 1500);
  CHECK(back.iat == 1000);
  CHECK(back.exp == 2000);
  CHECK(back.nbf == 1200);
  CHECK(back.jti == "5f3c");
  CHECK(back.wmvnd == 7);
  CHECK(back.wmpatlen == 32);
  CHECK(back.wmpattern == token.wmpattern);
  CHECK(back.wmsegduration == token.wmsegduration);
  CHECK_FALSE(back.indirect);
}

TEST_CASE("an indirect token comes back with its claims", "[tokens]") {
  WatermarkToken token = direct();
  token.wmpattern.reset();
  token.indirect = {"alice \"a\" \u00e9", 3, 9};
  const WatermarkToken back = verify_jwt(sign_jwt(token, kKey), kKey, 1500);
  REQUIRE(back.indirect);
  CHECK(back.indirect->wmid == token.indirect->wmid);
  CHECK(back.indirect->wmopid == 3);
  CHECK(back.indirect->wmkeyver == 9);
  CHECK_FALSE(back.wmpattern);
  CHECK_THROWS_AS(variant_at(back, 0), TokenError);
}

TEST_CASE("bits of a pattern are counted as in the standard's example", "[tokens]") {
  // 0x0A0B0C0D: 0000 1010 0000 1011 …
  const WatermarkToken token = direct();
  const std::string bits = "00001010000010110000110000001101";
  for (unsigned position = 0; position < 32; ++position) CHECK(variant_at(token, position) == bits[position] - '0');
  CHECK_THROWS_AS(variant_at(token, 32), TokenError);
}

TEST_CASE("the longest pattern fits into a token", "[tokens]") {
  WatermarkToken token = direct();
  token.wmpatlen = kMostPatternBits;
  token.wmpattern = std::string(kMostPatternBits / 8, '\xA5');
  CHECK(verify_jwt(sign_jwt(token, kKey), kKey, 1500).wmpattern == token.wmpattern);
}

TEST_CASE("tokens of another key, altered or cut ones are refused", "[tokens]") {
  const std::string token = sign_jwt(direct(), kKey);
  CHECK(refusal(token, 1500, kOtherKey) == Refusal::signature);
  for (std::size_t at = 0; at < token.size(); ++at) {
    std::string altered = token;
    altered[at] = altered[at] == 'A' ? 'B' : 'A';
    const Refusal why = refusal(altered);
    CHECK((why == Refusal::signature || why == Refusal::malformed));
    const Refusal cut = refusal(token.substr(0, at));
    CHECK((cut == Refusal::signature || cut == Refusal::malformed));
  }
  for (const std::string& text :
       {std::string(), std::string("."), std::string(".."), std::string("a.b"), token + ".", token + "=", " " + token,
        token + "\n", token + "." + token, std::string(8001, 'A'), std::string("\0\0.\0.\0", 6)}) {
    const Refusal why = refusal(text);
    CHECK((why == Refusal::signature || why == Refusal::malformed));
  }
}

TEST_CASE("no other algorithm is taken", "[tokens]") {
  const std::string claims = json_of(direct());
  // Without a signature, as `none` has it.
  for (const char* header : {R"({"alg":"none"})", R"({"alg":"None","typ":"JWT"})"})
    CHECK(refusal(base64url(header) + "." + base64url(claims) + ".") == Refusal::signature);
  // Signed with the key, and named otherwise.
  for (const char* header : {R"({"alg":"none"})", R"({"alg":"RS256"})", R"({"alg":"hs256"})", R"({"typ":"JWT"})"})
    CHECK(refusal(signed_claims(claims, header)) == Refusal::algorithm);
  for (const char* header : {"", "[]", "\"HS256\"", R"({"alg":"HS256)", R"({"alg":"HS256\u0000"})"})
    CHECK(refusal(signed_claims(claims, header)) == Refusal::malformed);
  CHECK(refusal(signed_claims(claims, R"({"alg":["HS256"]})")) == Refusal::claims);
}

TEST_CASE("tokens are valid from nbf or iat to exp, give or take the clocks", "[tokens]") {
  const std::string token = sign_jwt(direct(), kKey);
  CHECK(refusal(token, 999) == Refusal::early);
  CHECK_NOTHROW(verify_jwt(token, kKey, 1000));
  CHECK_NOTHROW(verify_jwt(token, kKey, 1999));
  CHECK(refusal(token, 2000) == Refusal::expired);
  CHECK_NOTHROW(verify_jwt(token, kKey, 995, 5));
  CHECK_NOTHROW(verify_jwt(token, kKey, 2004, 5));
  CHECK_THROWS_AS(verify_jwt(token, kKey, 2005, 5), TokenError);
  WatermarkToken later = direct();
  later.nbf = 1100;
  CHECK(refusal(sign_jwt(later, kKey), 1099) == Refusal::early);
}

TEST_CASE("claims that are missing, of another type or out of bounds are refused", "[tokens]") {
  const std::string good = R"("iat":1000,"exp":2000,"wmver":1,"wmvnd":7,"wmpatlen":8)";
  CHECK_NOTHROW(verify_jwt(signed_claims("{" + good + R"(,"wmpattern":"pQ","sub":"x"})"), kKey, 1500));
  for (
      const char* claims :
      {R"({})",
       R"({"exp":2000,"wmver":1,"wmvnd":7,"wmpatlen":8,"wmpattern":"pQ"})",
       R"({"iat":1000,"wmver":1,"wmvnd":7,"wmpatlen":8,"wmpattern":"pQ"})",
       R"({"iat":1000,"exp":"2000","wmver":1,"wmvnd":7,"wmpatlen":8,"wmpattern":"pQ"})",
       R"({"iat":1000,"exp":2000.5,"wmver":1,"wmvnd":7,"wmpatlen":8,"wmpattern":"pQ"})",
       R"({"iat":-1,"exp":2000,"wmver":1,"wmvnd":7,"wmpatlen":8,"wmpattern":"pQ"})",
       R"({"iat":1000,"exp":9223372036854775807,"wmver":1,"wmvnd":7,"wmpatlen":8,"wmpattern":"pQ"})",
       R"({"iat":1000,"exp":2000,"wmver":2,"wmvnd":7,"wmpatlen":8,"wmpattern":"pQ"})",
       R"({"iat":1000,"exp":2000,"wmver":1,"wmvnd":256,"wmpatlen":8,"wmpattern":"pQ"})",
       R"({"iat":1000,"exp":2000,"wmver":1,"wmvnd":7,"wmpatlen":0,"wmpattern":""})",
       R"({"iat":1000,"exp":2000,"wmver":1,"wmvnd":7,"wmpatlen":32769,"wmpattern":"pQ"})",
       R"({"iat":1000,"exp":2000,"wmver":1,"wmvnd":7,"wmpatlen":9,"wmpattern":"pQ"})",
       R"({"iat":1000,"exp":2000,"wmver":1,"wmvnd":7,"wmpatlen":8,"wmpattern":"p"})",
       R"({"iat":1000,"exp":2000,"wmver":1,"wmvnd":7,"wmpatlen":8})",
       R"({"iat":1000,"exp":2000,"wmver":1,"wmvnd":7,"wmpatlen":8,"wmid":"alice"})",
       R"({"iat":1000,"exp":2000,"wmver":1,"wmvnd":7,"wmpatlen":8,"wmpattern":"pQ","wmid":"a","wmopid":1,"wmkeyver":1})",
       R"({"iat":1000,"exp":1000,"wmver":1,"wmvnd":7,"wmpatlen":8,"wmpattern":"pQ"})",
       R"({"iat":1000,"exp":2000,"wmver":1,"wmvnd":7,"wmpatlen":8,"wmpattern":"pQ","wmsegduration":2})",
       R"({"iat":1000,"exp":2000,"wmver":1,"wmvnd":7,"wmpatlen":8,"wmpattern":"pQ","wmsegduration":[1,0]})",
       R"({"iat":1000,"exp":2000,"wmver":1,"wmvnd":7,"wmpatlen":8,"wmpattern":"pQ","wmsegduration":[1,"2"]})",
       R"({"iat":1000,"exp":2000,"wmver":1,"wmvnd":7,"wmpatlen":8,"wmpattern":["pQ"]})"}) {
    CAPTURE(claims);
    CHECK(refusal(signed_claims(claims)) == Refusal::claims);
  }
  for (const char* claims : {"", "1", "[1]", "null", "{", R"({"iat":1000,"sub":"a\u0000b"})"}) {
    CAPTURE(claims);
    CHECK(refusal(signed_claims(claims)) == Refusal::malformed);
  }
}

TEST_CASE("nothing is signed that would be refused, and short keys sign nothing", "[tokens]") {
  WatermarkToken both = direct();
  both.indirect = WatermarkToken::Indirect{"alice", 1, 1};
  CHECK_THROWS_AS(sign_jwt(both, kKey), TokenError);
  WatermarkToken neither = direct();
  neither.wmpattern.reset();
  CHECK_THROWS_AS(sign_jwt(neither, kKey), TokenError);
  WatermarkToken timeless = direct();
  timeless.exp = timeless.iat;
  CHECK_THROWS_AS(sign_jwt(timeless, kKey), TokenError);
  CHECK_THROWS_AS(TokenKey::hmac(kSecret.substr(1)), std::invalid_argument);
  CHECK_THROWS_AS(TokenKey::hmac(""), std::invalid_argument);
}
