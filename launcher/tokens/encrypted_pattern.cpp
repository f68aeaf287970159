// SPDX-License-Identifier: LGPL-2.1-or-later
#include "encrypted_pattern.hpp"

#include <cstdint>
#include <optional>

#include "cbor.hpp"
#include "plugins/common/crypto/aes_gcm.hpp"
#include "plugins/common/crypto/random.hpp"

namespace tokens {

namespace {

/// {alg: A128GCM}; nothing else is taken.
constexpr std::string_view kProtected = "\xA1\x01\x01";
constexpr std::uint64_t kNonceLabel = 5;

struct Parts {
  std::string_view nonce;
  std::string_view sealed;
};

/// Enc_structure: what GCM vouches for beside the pattern.
std::string structure() {
  return cbor::head(cbor::Kind::array, 3) + cbor::text("Encrypt0") + cbor::bytes(kProtected) + cbor::bytes({});
}

std::optional<Parts> parts_of(std::string_view message) {
  try {
    cbor::Reader reader(message);
    if (reader.array() != 3 || reader.bytes() != kProtected || reader.map() != 1 || reader.number() != kNonceLabel)
      return std::nullopt;
    Parts parts;
    parts.nonce = reader.bytes();
    parts.sealed = reader.bytes();
    if (!reader.at_end() || parts.nonce.size() != steg::kGcmNonceBytes) return std::nullopt;
    return parts;
  } catch (const cbor::Error&) {
    return std::nullopt;
  }
}

}  // namespace

std::string encrypt_pattern(std::string_view pattern, const steg::Subkey& key) {
  const std::string nonce = steg::random_bytes(steg::kGcmNonceBytes);
  return cbor::head(cbor::Kind::array, 3) + cbor::bytes(kProtected) + cbor::head(cbor::Kind::map, 1) +
         cbor::number(kNonceLabel) + cbor::bytes(nonce) + cbor::bytes(steg::gcm_seal(key, nonce, structure(), pattern));
}

bool is_encrypted_pattern(std::string_view message, std::size_t bytes) {
  const std::optional<Parts> parts = parts_of(message);
  return parts && parts->sealed.size() == bytes + steg::kGcmTagBytes;
}

std::string decrypt_pattern(std::string_view message, const steg::Subkey& key) {
  const std::optional<Parts> parts = parts_of(message);
  if (!parts) throw TokenError(Refusal::claims, "wmpattern is no COSE_Encrypt0 with A128GCM");
  std::optional<std::string> pattern = steg::gcm_open(key, parts->nonce, structure(), parts->sealed);
  if (!pattern) throw TokenError(Refusal::claims, "wmpattern is not encrypted with this key");
  return *std::move(pattern);
}

}  // namespace tokens
