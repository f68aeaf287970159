// AES-128-GCM: the specification's test case 4, and what is refused.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <string>

#include "plugins/common/crypto/aes_gcm.hpp"
#include "plugins/common/crypto/crypto_error.hpp"
#include "plugins/common/crypto/hex.hpp"

using namespace steg;

namespace {

std::string text_of_hex(const std::string& hex) {
  std::string text(hex.size() / 2, '\0');
  REQUIRE(from_hex(hex, reinterpret_cast<std::uint8_t*>(text.data()), text.size()));
  return text;
}

}  // namespace

TEST_CASE("AES-128-GCM is that of its specification", "[crypto]") {
  Subkey key{};
  REQUIRE(from_hex("feffe9928665731c6d6a8f9467308308", key.data(), key.size()));
  const std::string nonce = text_of_hex("cafebabefacedbaddecaf888");
  const std::string more = text_of_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const std::string text = text_of_hex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de6"
      "57ba637b39");
  const std::string sealed = text_of_hex(
      "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac"
      "973d58e0915bc94fbc3221a5db94fae95ae7121a47");
  CHECK(gcm_seal(key, nonce, more, text) == sealed);
  CHECK(gcm_open(key, nonce, more, sealed) == text);
  CHECK(gcm_open(key, nonce, more, gcm_seal(key, nonce, more, "")) == "");
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    std::string altered = sealed;
    altered[at] = static_cast<char>(altered[at] ^ 1);
    CHECK_FALSE(gcm_open(key, nonce, more, altered));
    CHECK_FALSE(gcm_open(key, nonce, more, sealed.substr(0, at)));
  }
  CHECK_FALSE(gcm_open(key, nonce, "", sealed));
  CHECK_FALSE(gcm_open(key, nonce.substr(1), more, sealed));
  CHECK_THROWS_AS(gcm_seal(key, nonce.substr(1), more, text), CryptoError);
  key[0] ^= 1;
  CHECK_FALSE(gcm_open(key, nonce, more, sealed));
}
