// WM tokens as CWT: deterministic CBOR, COSE_Mac0.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <vector>

#include "launcher/tokens/base64url.hpp"
#include "launcher/tokens/cbor.hpp"
#include "launcher/tokens/claims_cbor.hpp"
#include "launcher/tokens/cose.hpp"
#include "token_samples.hpp"

using namespace tokens;
using tokens::test::bytes_of_hex;
using tokens::test::direct;
using tokens::test::kKey;
using tokens::test::kOtherKey;

namespace {

Refusal refusal(const std::string& token, std::int64_t now = 1500, const TokenKey& key = kKey) {
  try {
    verify_cwt(token, key, now);
  } catch (const TokenError& error) {
    return error.refusal();
  }
  FAIL("the token was taken");
  return Refusal::malformed;
}

std::string signed_claims(const std::string& hex) { return base64url(sign_cose(bytes_of_hex(hex), kKey)); }

}  // namespace

TEST_CASE("CBOR is that of RFC 8949, appendix A", "[cwt]") {
  const std::vector<std::pair<std::uint64_t, std::string>> numbers = {{0, "00"},
                                                                      {10, "0a"},
                                                                      {23, "17"},
                                                                      {24, "1818"},
                                                                      {100, "1864"},
                                                                      {1000, "1903e8"},
                                                                      {1000000, "1a000f4240"},
                                                                      {1000000000000, "1b000000e8d4a51000"},
                                                                      {18446744073709551615U, "1bffffffffffffffff"}};
  for (const auto& [value, hex] : numbers) {
    CAPTURE(hex);
    const std::string bytes = bytes_of_hex(hex);
    CHECK(cbor::number(value) == bytes);
    CHECK(cbor::Reader(bytes).number() == value);
  }
  CHECK(cbor::bytes("\x01\x02\x03\x04") == bytes_of_hex("4401020304"));
  CHECK(cbor::text("IETF") == bytes_of_hex("6449455446"));
  // {"a": 1, "b": [2, 3]}, -500, 1.5, true, 32("…").
  for (const char* hex :
       {"a26161016162820203", "3901f3", "f93e00", "f5", "d82063616263", "80", "a0", "8301820203820405"}) {
    const std::string bytes = bytes_of_hex(hex);
    cbor::Reader reader(bytes);
    CHECK(reader.item() == bytes);
    CHECK(reader.at_end());
  }
}

TEST_CASE("CBOR that is cut, indefinite, too deep or not in its shortest form is refused", "[cwt]") {
  for (const char* hex : {"",
                          "18",
                          "1817",
                          "190017",
                          "1a0000ffff",
                          "1b00000000ffffffff",
                          "44010203",
                          "64494554",
                          "82",
                          "8201",
                          "a101",
                          "9f01ff",
                          "5f4101ff",
                          "bf0102ff",
                          "1c",
                          "1f",
                          "ff",
                          "9bffffffffffffffff",
                          "bbffffffffffffffff",
                          "5bffffffffffffffff",
                          "c6",
                          "8181818181818181818181"}) {
    CAPTURE(hex);
    const std::string bytes = bytes_of_hex(hex);
    CHECK_THROWS_AS(cbor::Reader(bytes).item(), cbor::Error);
  }
  CHECK_THROWS_AS(cbor::Reader(cbor::text("a")).bytes(), cbor::Error);
}

TEST_CASE("the MAC is that of RFC 8392, appendix A.4", "[cwt]") {
  const TokenKey key = TokenKey::hmac(bytes_of_hex("403697de87af64611c1d32a05dab0fe1fcb715a86ab435f1ec99192d79569388"));
  const std::string claims = bytes_of_hex(
      "a70175636f61703a2f2f61732e6578616d706c652e636f6d02656572696b77037818636f61703a2f2f6c696768742e6578616d706c652e63"
      "6f6d041a5612aeb0051a5610d9f0061a5610d9f007420b71");
  // There it is HMAC 256/64, the first 8 bytes.
  CHECK(cose_signature(bytes_of_hex("a10104"), claims, key).substr(0, 8) == bytes_of_hex("093101ef6d789200"));
}

TEST_CASE("a CWT is the one that was computed apart from this code", "[cwt]") {
  CHECK(sign_cwt(direct(), kKey) ==
        "2D3RhEOhAQWgWB6mBBkH0AYZA-gZASwBGQEtBxkBLhggGQEwRAoLDA1YIDr290cAezdBpLyd8QkISe98xi7YWol4J3IxMdmIkyCp");
}

TEST_CASE("tokens come back with their claims", "[cwt]") {
  WatermarkToken token = direct();
  token.nbf = 1200;
  token.jti = "5f3c";
  token.wmsegduration = {60000, 10000};
  const WatermarkToken back = verify_cwt(sign_cwt(token, kKey), kKey, 1500);
  CHECK(back.iat == 1000);
  CHECK(back.exp == 2000);
  CHECK(back.nbf == 1200);
  CHECK(back.jti == "5f3c");
  CHECK(back.wmvnd == 7);
  CHECK(back.wmpatlen == 32);
  CHECK(back.wmpattern == token.wmpattern);
  CHECK(back.wmsegduration == token.wmsegduration);
  token.wmpattern.reset();
  token.indirect = {"alice \u00e9", 3, 9};
  const WatermarkToken indirect = verify_cwt(sign_cwt(token, kKey), kKey, 1500);
  REQUIRE(indirect.indirect);
  CHECK(indirect.indirect->wmid == token.indirect->wmid);
  CHECK(indirect.indirect->wmopid == 3);
  CHECK(indirect.indirect->wmkeyver == 9);
  WatermarkToken longest = direct();
  longest.wmpatlen = kMostPatternBits;
  longest.wmpattern = std::string(kMostPatternBits / 8, '\xA5');
  CHECK(verify_cwt(sign_cwt(longest, kKey), kKey, 1500).wmpattern == longest.wmpattern);
}

TEST_CASE("a CWT of another key, altered, cut or at another time is refused", "[cwt]") {
  const std::string token = sign_cwt(direct(), kKey);
  CHECK(refusal(token, 1500, kOtherKey) == Refusal::signature);
  CHECK(refusal(token, 999) == Refusal::early);
  CHECK(refusal(token, 2000) == Refusal::expired);
  for (std::size_t at = 0; at < token.size(); ++at) {
    std::string altered = token;
    altered[at] = altered[at] == 'A' ? 'B' : 'A';
    // The tags and what is not protected are not under the signature: a change there leaves the same claims.
    std::optional<WatermarkToken> claims;
    try {
      claims = verify_cwt(altered, kKey, 1500);
    } catch (const TokenError& error) {
      CHECK_FALSE(std::string(error.what()).empty());
    }
    if (claims) CHECK(cbor_of(*claims) == cbor_of(direct()));
    const Refusal cut = refusal(token.substr(0, at));
    CHECK((cut == Refusal::signature || cut == Refusal::malformed));
  }
  for (const std::string& text : {std::string(), token + "A", token + "=", std::string(8001, 'A')}) {
    CHECK(refusal(text) == Refusal::malformed);
  }
}

TEST_CASE("no other algorithm is taken in a CWT", "[cwt]") {
  const std::string claims = cbor_of(direct());
  // {}, {1: 4}, {1: 7}, {1: 5, 2: []}, and alg 5 in another form.
  for (const char* header : {"a0", "a10104", "a10107", "a2010502f6", "a1011805", ""}) {
    const std::string protected_header = bytes_of_hex(header);
    const std::string message = bytes_of_hex("d184") + cbor::bytes(protected_header) + bytes_of_hex("a0") +
                                cbor::bytes(claims) + cbor::bytes(cose_signature(protected_header, claims, kKey));
    CHECK(refusal(base64url(message)) == Refusal::algorithm);
  }
}

TEST_CASE("claims of a CWT that are missing, of another type or out of bounds are refused", "[cwt]") {
  // {4: 2000, 6: 1000, 300: 1, 301: 7, 302: 8, 304: h'a5'}, and with what the standard does not know.
  CHECK_NOTHROW(verify_cwt(signed_claims("a6041907d0061903e819012c0119012d0719012e0819013041a5"), kKey, 1500));
  CHECK_NOTHROW(
      verify_cwt(signed_claims("a8041907d0061903e819012c0119012d0719012e0819013041a5190200f520f6"), kKey, 1500));
  for (const char* claims :
       {"a0", "a5061903e819012c0119012d0719012e0819013041a5",
        "a6046432303030061903e819012c0119012d0719012e0819013041a5",
        "a6041907d0061903e819012c0219012d0719012e0819013041a5",
        "a6041907d0061903e819012c0119012d19010019012e0819013041a5",
        "a6041907d0061903e819012c0119012d0719012e0019013040", "a6041907d0061903e819012c0119012d0719012e0919013041a5",
        "a6041907d0061903e819012c0119012d0719012e0819013061a5", "a5041907d0061903e819012c0119012d0719012e08",
        "a6041907d0061903e819012c0119012d0719012e0819013101"}) {
    CAPTURE(claims);
    CHECK(refusal(signed_claims(claims)) == Refusal::claims);
  }
  // Not in order, one twice, no map, something behind it, cut.
  for (const char* claims : {"a6061903e8041907d019012c0119012d0719012e0819013041a5", "a2041907d0041907d0", "80", "",
                             "a000", "a6041907d0061903e819012c0119012d0719012e0819013041"}) {
    CAPTURE(claims);
    CHECK(refusal(signed_claims(claims)) == Refusal::malformed);
  }
}
