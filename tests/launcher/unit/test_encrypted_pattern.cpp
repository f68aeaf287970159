// Patterns of direct tokens, encrypted: COSE_Encrypt0 in a CWT and in a JWT.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <string>

#include "launcher/tokens/base64url.hpp"
#include "launcher/tokens/cbor.hpp"
#include "launcher/tokens/encrypted_pattern.hpp"
#include "launcher/tokens/jws.hpp"
#include "token_samples.hpp"

using namespace tokens;
using tokens::test::bytes_of_hex;
using tokens::test::direct;
using tokens::test::kEs256;
using tokens::test::kKey;

namespace {

const steg::Subkey kPatternKey = {0x84, 0x9B, 0x57, 0x21, 0x9D, 0xAE, 0x48, 0xDE,
                                  0x64, 0x6D, 0x07, 0xDB, 0xB5, 0x33, 0x56, 0x6E};

WatermarkToken encrypted() {
  WatermarkToken token = direct();
  token.encrypted = encrypt_pattern(*token.wmpattern, kPatternKey);
  token.wmpattern.reset();
  return token;
}

bool is_refused(const std::string& message) {
  try {
    decrypt_pattern(message, kPatternKey);
  } catch (const TokenError& error) {
    return error.refusal() == Refusal::claims;
  }
  return false;
}

}  // namespace

TEST_CASE("an encrypted pattern is as AES-GCM-ENC-01 of the COSE working group", "[pattern]") {
  const std::string text = "This is the content.";
  const std::string message = bytes_of_hex(
      "8343a10101a1054c02d1f7e6f26c43d4868d87ce582460973a94bb2898009ee52ecfd9ab1dd25867374b162e2c03568b41f57c3cc16f9166"
      "250a");
  CHECK(is_encrypted_pattern(message, text.size()));
  CHECK(decrypt_pattern(message, kPatternKey) == text);
}

TEST_CASE("encrypting a pattern twice gives two messages, and each of them the pattern", "[pattern]") {
  const std::string pattern = std::string("\x0A\x0B\x0C\x0D");
  const std::string one = encrypt_pattern(pattern, kPatternKey);
  const std::string two = encrypt_pattern(pattern, kPatternKey);
  CHECK(one != two);
  CHECK(one.size() == two.size());
  CHECK(decrypt_pattern(one, kPatternKey) == pattern);
  CHECK(decrypt_pattern(two, kPatternKey) == pattern);
}

TEST_CASE("a pattern that was altered, cut, or has another form is refused", "[pattern]") {
  const std::string message = encrypt_pattern("pattern", kPatternKey);
  for (std::size_t at = 0; at < message.size(); ++at) {
    std::string altered = message;
    altered[at] = static_cast<char>(altered[at] ^ 1);
    CHECK(is_refused(altered));
    CHECK(is_refused(message.substr(0, at)));
    CHECK_FALSE(is_encrypted_pattern(message.substr(0, at), 7));
  }
  CHECK(is_refused(message + "0"));
  CHECK_FALSE(is_encrypted_pattern(message, 8));
  // Tagged; another algorithm; a header more.
  for (const char* front : {"d08343a10101", "8343a10103", "8340"})
    CHECK(is_refused(bytes_of_hex(front) + message.substr(5)));
  steg::Subkey other = kPatternKey;
  other[15] ^= 1;
  CHECK_THROWS_AS(decrypt_pattern(message, other), TokenError);
}

TEST_CASE("tokens come back with their encrypted pattern, and do not show it", "[pattern]") {
  const WatermarkToken token = encrypted();
  for (const TokenKey& key : {kKey, kEs256}) {
    for (const WatermarkToken& back :
         {verify_jwt(sign_jwt(token, key), key, 1500), verify_cwt(sign_cwt(token, key), key, 1500)}) {
      REQUIRE(back.encrypted);
      CHECK_FALSE(back.wmpattern);
      CHECK_FALSE(back.indirect);
      CHECK(decrypt_pattern(*back.encrypted, kPatternKey) == direct().wmpattern);
      CHECK_THROWS_AS(variant_at(back, 0), TokenError);
    }
  }
  CHECK(open_jws(sign_jwt(token, kKey), kKey).payload.find(base64url(*direct().wmpattern)) == std::string::npos);
  // In a CWT it is the item itself, as the standard has it: 304 => [h'A10101', …].
  const std::string cwt = *bytes_of_base64url(sign_cwt(token, kKey));
  CHECK(cwt.find(cbor::number(304) + bytes_of_hex("8343a10101")) != std::string::npos);
}

TEST_CASE("the longest encrypted pattern fits into a token", "[pattern]") {
  WatermarkToken token = encrypted();
  token.wmpatlen = kMostPatternBits;
  token.jti = "00000000-0000-4000-8000-000000000000";
  token.encrypted = encrypt_pattern(std::string(kMostPatternBits / 8, '\xA5'), kPatternKey);
  CHECK(verify_jwt(sign_jwt(token, kEs256), kEs256, 1500).encrypted == token.encrypted);
  CHECK(verify_cwt(sign_cwt(token, kEs256), kEs256, 1500).encrypted == token.encrypted);
}

TEST_CASE("a pattern of another length, and two patterns, are not signed", "[pattern]") {
  WatermarkToken token = encrypted();
  token.wmpatlen = 33;
  CHECK_THROWS_AS(sign_jwt(token, kKey), TokenError);
  token = encrypted();
  token.wmpattern = direct().wmpattern;
  CHECK_THROWS_AS(sign_cwt(token, kKey), TokenError);
  token = encrypted();
  token.indirect = WatermarkToken::Indirect{"alice", 1, 1};
  CHECK_THROWS_AS(sign_jwt(token, kKey), TokenError);
  token = encrypted();
  token.encrypted = "pattern";
  CHECK_THROWS_AS(sign_cwt(token, kKey), TokenError);
}
