// Tokens signed with ES256: the RFCs' vectors, keys in PEM, and no token that chooses its own algorithm.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <utility>

#include "launcher/tokens/base64url.hpp"
#include "launcher/tokens/cbor.hpp"
#include "launcher/tokens/claims_cbor.hpp"
#include "launcher/tokens/claims_json.hpp"
#include "launcher/tokens/cose.hpp"
#include "launcher/tokens/jws.hpp"
#include "plugins/common/crypto/key.hpp"
#include "token_samples.hpp"

using namespace tokens;
using tokens::test::bytes_of_hex;
using tokens::test::direct;
using tokens::test::kEs256;
using tokens::test::kEs256Pem;
using tokens::test::kKey;

namespace {

/// Of kEs256Pem.
constexpr char kPublicPem[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV7\n"
    "6e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==\n"
    "-----END PUBLIC KEY-----\n";

TokenKey public_key() { return TokenKey::es256(Es256Key::from_pem(kPublicPem)); }

template <class Verify>
Refusal refusal_by(const Verify& verify) {
  try {
    verify();
  } catch (const TokenError& error) {
    return error.refusal();
  }
  FAIL("the token was taken");
  return Refusal::malformed;
}
Refusal jwt_refusal(const std::string& token, const TokenKey& key) {
  return refusal_by([&] { verify_jwt(token, key, 1500); });
}
Refusal cwt_refusal(const std::string& token, const TokenKey& key) {
  return refusal_by([&] { verify_cwt(token, key, 1500); });
}

/// What Es256Key says of a PEM file.
std::string fault_of(const std::string& pem) {
  try {
    Es256Key::from_pem(pem);
  } catch (const steg::KeyError& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("a signature of RFC 7515, appendix A.3, is good", "[es256]") {
  const std::string token =
      "eyJhbGciOiJFUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
      "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
  for (const TokenKey& key : {kEs256, public_key()}) {
    CHECK(open_jws(token, key).header == R"({"alg":"ES256"})");
    CHECK(open_jws(token, key).payload ==
          "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
  }
}

TEST_CASE("the signed CWT of RFC 8392, appendix A.3, is good", "[es256]") {
  const TokenKey key =
      TokenKey::es256(Es256Key::from_pem("-----BEGIN PUBLIC KEY-----\n"
                                         "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEFDMpzOeGjkFpJ1mc9lo0884v/aVa\n"
                                         "fspp7YkZo5TULw9g9/GngNing7+3ot1rJ5boEo27zvnT0WjblSmXGjbnuQ==\n"
                                         "-----END PUBLIC KEY-----\n"));
  const std::string claims = bytes_of_hex(
      "a70175636f61703a2f2f61732e6578616d706c652e636f6d02656572696b77037818636f61703a2f2f6c696768742e6578616d706c652e63"
      "6f6d041a5612aeb0051a5610d9f0061a5610d9f007420b71");
  const std::string message =
      bytes_of_hex("d28443a10126a104524173796d6d657472696345434453413235365850") + claims +
      bytes_of_hex(
          "58405427c1ff28d23fbad1f29c4c7c6a555e601d6fa29f9179bc3d7438bacaca5acd08c8d4d4f96131680c429a01f8595"
          "1ecee743a52b9b63632c57209120e1c9e30");
  CHECK(open_cose(message, key) == claims);
}

TEST_CASE("signatures have two numbers of 32 bytes, whatever DER makes of them", "[es256]") {
  const std::string one = std::string(31, '\0') + '\1';
  const std::string high = std::string(32, '\xFF');
  const std::string low = std::string(2, '\0') + std::string(30, '\x7F');
  CHECK(der_of_signature(one + one) == bytes_of_hex("3006020101020101"));
  for (const std::string& r : {one, high, low}) {
    for (const std::string& s : {one, high, low}) {
      const std::optional<std::string> der = der_of_signature(r + s);
      REQUIRE(der);
      CHECK(signature_of_der(*der) == r + s);
      CHECK_FALSE(signature_of_der(*der + "0"));
      CHECK_FALSE(signature_of_der(der->substr(1)));
      CHECK_FALSE(signature_of_der(der->substr(0, der->size() - 1)));
    }
  }
  for (const std::size_t size : {0, 63, 65, 128}) CHECK_FALSE(der_of_signature(std::string(size, 'a')));
  // A number of 33 bytes, one below 0, and no numbers.
  CHECK_FALSE(signature_of_der(bytes_of_hex("3026022101") + std::string(32, '\0') + bytes_of_hex("020101")));
  CHECK_FALSE(signature_of_der(""));
  CHECK_FALSE(signature_of_der(bytes_of_hex("3000")));
}

TEST_CASE("what ES256 signs comes back, and nothing else is taken", "[es256]") {
  const std::string jwt = sign_jwt(direct(), kEs256);
  const std::string cwt = sign_cwt(direct(), kEs256);
  CHECK(jwt.rfind(base64url(R"({"alg":"ES256","typ":"JWT"})") + ".", 0) == 0);
  for (const TokenKey& key : {kEs256, public_key()}) {
    CHECK(verify_jwt(jwt, key, 1500).wmpattern == direct().wmpattern);
    CHECK(verify_cwt(cwt, key, 1500).wmpattern == direct().wmpattern);
  }
  for (std::size_t at = 0; at < jwt.size(); ++at) {
    std::string altered = jwt;
    altered[at] = altered[at] == 'A' ? 'B' : 'A';
    const Refusal why = jwt_refusal(altered, kEs256);
    CHECK((why == Refusal::signature || why == Refusal::malformed));
    const Refusal cut = jwt_refusal(jwt.substr(0, at), kEs256);
    CHECK((cut == Refusal::signature || cut == Refusal::malformed));
  }
  // No signature at all, as in CVE-2022-21449: r and s that are 0.
  const std::string claims = jwt.substr(0, jwt.rfind('.') + 1);
  CHECK(jwt_refusal(claims + base64url(std::string(64, '\0')), kEs256) == Refusal::signature);
  CHECK(jwt_refusal(claims, kEs256) == Refusal::signature);
  // DER in place of the two numbers.
  const std::string raw = *bytes_of_base64url(jwt.substr(jwt.rfind('.') + 1));
  CHECK(jwt_refusal(claims + base64url(*der_of_signature(raw)), kEs256) == Refusal::signature);
}

TEST_CASE("no token chooses its algorithm", "[es256]") {
  // HMAC by what everybody knows of an ES256 key.
  const TokenKey forged = TokenKey::hmac(kPublicPem);
  for (const TokenKey& key : {kEs256, public_key()}) {
    CHECK(jwt_refusal(sign_jwt(direct(), forged), key) == Refusal::signature);
    CHECK(jwt_refusal(sign_jws({R"({"alg":"ES256"})", json_of(direct())}, forged), key) == Refusal::signature);
    CHECK(cwt_refusal(sign_cwt(direct(), forged), key) == Refusal::algorithm);
  }
  CHECK(jwt_refusal(sign_jwt(direct(), kEs256), kKey) == Refusal::signature);
  CHECK(cwt_refusal(sign_cwt(direct(), kEs256), kKey) == Refusal::algorithm);
  // Signed with the key, and named otherwise.
  for (const char* header :
       {R"({"alg":"none"})", R"({"alg":"HS256"})", R"({"alg":"es256"})", R"({"alg":"ES256K"})", "{}"})
    CHECK(jwt_refusal(sign_jws({header, json_of(direct())}, kEs256), kEs256) == Refusal::algorithm);
  const std::string claims = cbor_of(direct());
  // {1: 5}, {}, {1: -7, 2: …}, {1: -35}, and tag 17, of a MAC.
  for (const auto& [tag, header] :
       {std::pair("d2", "a10105"), {"d2", "a0"}, {"d2", "a2012602f6"}, {"d2", "a1013822"}, {"d1", "a10126"}}) {
    const std::string protected_header = bytes_of_hex(header);
    const std::string message = bytes_of_hex(tag) + bytes_of_hex("84") + cbor::bytes(protected_header) +
                                bytes_of_hex("a0") + cbor::bytes(claims) +
                                cbor::bytes(cose_signature(protected_header, claims, kEs256));
    CHECK(cwt_refusal(base64url(message), kEs256) == Refusal::algorithm);
  }
}

TEST_CASE("a public key checks tokens and makes none", "[es256]") {
  const Es256Key key = Es256Key::from_pem(kPublicPem);
  CHECK_FALSE(key.can_sign());
  CHECK(key.public_pem() == kPublicPem);
  CHECK_THROWS_AS(sign_jwt(direct(), public_key()), steg::KeyError);
  CHECK_THROWS_AS(sign_cwt(direct(), public_key()), steg::KeyError);
}

TEST_CASE("private keys are taken as PKCS #8 and SEC 1", "[es256]") {
  for (const char* pem : {kEs256Pem,
                          "-----BEGIN EC PRIVATE KEY-----\n"
                          "MHcCAQEEII6bEJ5xkJi/mASH3x9dd+nLKWBuvtImO19XwhPfhPSyoAoGCCqGSM49\n"
                          "AwEHoUQDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEXH8UTNG72b\n"
                          "focs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==\n"
                          "-----END EC PRIVATE KEY-----\n"}) {
    const Es256Key key = Es256Key::from_pem(pem);
    CHECK(key.can_sign());
    CHECK(key.public_pem() == kPublicPem);
    const std::string signature = key.sign("message");
    CHECK(signature.size() == kEs256Bytes);
    CHECK(key.verify("message", signature));
    CHECK_FALSE(key.verify("messagE", signature));
  }
}

TEST_CASE("keys of another kind, and what is no key, are an error that says what to do", "[es256]") {
  const std::string no_key =
      GENERATE(as<std::string>(), "", "x", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
               std::string(64, '5') + "\n",
               "-----BEGIN EC PRIVATE KEY-----\n"
               "Proc-Type: 4,ENCRYPTED\n"
               "DEK-Info: AES-128-CBC,F28B86F7AAC6D85ADEE55F4BBB286573\n"
               "\n"
               "6iuZzIE0Dkft5sY9jmYr2VQWRICEpyeFBmHFzvMADqx5jC9QUyx43IkOc8Ykdp01\n"
               "zwJi6rou7H8SGT8gOseBy+6io4dC6ohKqQEhGlXcdtDLRqHNcUG56kReRXqp529d\n"
               "VL6GHrxkXV7/vSZfpsjc7spSaZvNFqqSeeT5kJTcw9M=\n"
               "-----END EC PRIVATE KEY-----\n");
  CHECK_THAT(fault_of(no_key), Catch::Contains("no key in PEM") && Catch::Contains("openssl genpkey"));
  const std::string other_kind = GENERATE(as<std::string>(),
                                          "-----BEGIN PRIVATE KEY-----\n"
                                          "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDCX4qDYJ/OF9B/eVz6N\n"
                                          "HTpijiQprbk1xDjb2xMbok8XFIIjLhXiZ31TF4CDh1sq7nqhZANiAARcLAXQAszH\n"
                                          "wUf6G7GIe7/YJbqj+1gcdhnX7cWeZUl9JsZWRILT/63ykXPMhxSwybCItCDvWOcn\n"
                                          "P2vnqS4FxixWo9iABTs8dvDbOIhBoV436KNZpjXdhaql54sd6NRiROc=\n"
                                          "-----END PRIVATE KEY-----\n",
                                          "-----BEGIN PRIVATE KEY-----\n"
                                          "MC4CAQAwBQYDK2VwBCIEIPRjSgZq+sBRl7su0twoKpyhxkzSpjKBZxlub53y1YfR\n"
                                          "-----END PRIVATE KEY-----\n");
  CHECK_THAT(fault_of(other_kind), Catch::Contains("another kind") && Catch::Contains("openssl genpkey"));
}

TEST_CASE("a file that is not there is an error with its name", "[es256]") {
  CHECK_THROWS_WITH(Es256Key::from_file("/nowhere/token.pem"),
                    Catch::Contains("'/nowhere/token.pem'") && Catch::Contains("No such file"));
  CHECK_THROWS_AS(Es256Key::from_file("/"), steg::KeyError);
  CHECK_THROWS_AS(Es256Key::from_file("/dev/zero"), steg::KeyError);
}
