// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cose_mac.hpp"

#include <openssl/crypto.h>

#include <cstdint>

#include "cbor.hpp"
#include "plugins/common/crypto/digest.hpp"

namespace tokens {

namespace {

constexpr std::uint64_t kCwtTag = 61;
constexpr std::uint64_t kMac0Tag = 17;
/// {alg: HMAC 256/256}: in deterministic CBOR there is no other spelling, and nothing else is taken.
constexpr std::string_view kProtected = "\xA1\x01\x05";

}  // namespace

std::string mac0_tag(std::string_view protected_header, std::string_view payload, std::string_view key) {
  if (key.size() < kLeastKeyBytes) throw std::invalid_argument("a key for HMAC-SHA256 has 32 bytes or more");
  const std::string structure = cbor::head(cbor::Kind::array, 4) + cbor::text("MAC0") + cbor::bytes(protected_header) +
                                cbor::bytes({}) + cbor::bytes(payload);
  const steg::Digest digest =
      steg::hmac_sha256(reinterpret_cast<const std::uint8_t*>(key.data()), key.size(), structure);
  return {digest.begin(), digest.end()};
}

std::string sign_mac0(std::string_view payload, std::string_view key) {
  return cbor::head(cbor::Kind::tag, kCwtTag) + cbor::head(cbor::Kind::tag, kMac0Tag) +
         cbor::head(cbor::Kind::array, 4) + cbor::bytes(kProtected) + cbor::head(cbor::Kind::map, 0) +
         cbor::bytes(payload) + cbor::bytes(mac0_tag(kProtected, payload, key));
}

std::string open_mac0(std::string_view message, std::string_view key) {
  try {
    cbor::Reader reader(message);
    std::uint64_t tag = reader.tag();
    if (tag == kCwtTag) tag = reader.tag();
    if (tag != kMac0Tag || reader.array() != 4) throw TokenError(Refusal::malformed, "the token is no COSE_Mac0");
    const std::string_view protected_header = reader.bytes();
    reader.item();  // what is not protected says nothing that could be believed
    const std::string_view payload = reader.bytes();
    const std::string_view tagged = reader.bytes();
    if (!reader.at_end()) throw TokenError(Refusal::malformed, "something follows the token");
    if (protected_header != kProtected) throw TokenError(Refusal::algorithm, "the token's alg is not HMAC 256/256");
    const std::string expected = mac0_tag(protected_header, payload, key);
    if (tagged.size() != expected.size() || CRYPTO_memcmp(tagged.data(), expected.data(), expected.size()) != 0)
      throw TokenError(Refusal::signature, "the token is not signed with this key");
    return std::string(payload);
  } catch (const cbor::Error& error) {
    throw TokenError(Refusal::malformed, std::string("the token is no deterministic CBOR: ") + error.what());
  }
}

}  // namespace tokens
