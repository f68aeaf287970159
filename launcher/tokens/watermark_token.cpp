// SPDX-License-Identifier: LGPL-2.1-or-later
#include "watermark_token.hpp"

#include <cstdint>

#include "base64url.hpp"
#include "claims_cbor.hpp"
#include "claims_json.hpp"
#include "cose.hpp"
#include "encrypted_pattern.hpp"
#include "jws.hpp"

namespace tokens {

namespace {

[[noreturn]] void refuse(Refusal refusal, const std::string& what) { throw TokenError(refusal, what); }

void check_claims(const WatermarkToken& token) {
  if (token.iat < 0 || token.nbf.value_or(0) < 0) refuse(Refusal::claims, "a time is before 1970");
  if (token.exp <= token.iat) refuse(Refusal::claims, "exp is not after iat");
  if (token.wmvnd > 255) refuse(Refusal::claims, "wmvnd is more than 255");
  if (token.wmpatlen < 1 || token.wmpatlen > kMostPatternBits) refuse(Refusal::claims, "wmpatlen is not 1 to 32768");
  if (token.wmpattern.has_value() + token.encrypted.has_value() + token.indirect.has_value() != 1)
    refuse(Refusal::claims, "there is not just one of wmpattern and wmid with wmopid and wmkeyver");
  const std::size_t bytes = pattern_bytes(token.wmpatlen);
  if ((token.wmpattern && token.wmpattern->size() != bytes) ||
      (token.encrypted && !is_encrypted_pattern(*token.encrypted, bytes)))
    refuse(Refusal::claims, "wmpattern has not wmpatlen bits");
  if (token.wmsegduration && (token.wmsegduration->first == 0 || token.wmsegduration->second == 0))
    refuse(Refusal::claims, "wmsegduration has a 0");
}

const WatermarkToken& checked(const WatermarkToken& claims, std::int64_t now, std::int64_t leeway) {
  check_claims(claims);
  if (now - leeway >= claims.exp) refuse(Refusal::expired, "the token is expired");
  if (now + leeway < claims.nbf.value_or(claims.iat)) refuse(Refusal::early, "the token is not valid yet");
  return claims;
}

}  // namespace

int variant_at(const WatermarkToken& token, unsigned position) {
  if (!token.wmpattern || position >= token.wmpatlen || position / 8 >= token.wmpattern->size())
    refuse(Refusal::claims, "the token has no bit for position " + std::to_string(position));
  return static_cast<std::uint8_t>((*token.wmpattern)[position / 8]) >> (7 - position % 8) & 1;
}

std::string sign_jwt(const WatermarkToken& token, const TokenKey& key) {
  check_claims(token);
  return sign_jws({std::string(R"({"alg":")") + key.jose_name() + R"(","typ":"JWT"})", json_of(token)}, key);
}

WatermarkToken verify_jwt(std::string_view token, const TokenKey& key, std::int64_t now, std::int64_t leeway) {
  const Jws content = open_jws(token, key);
  if (algorithm_of(content.header) != key.jose_name())
    refuse(Refusal::algorithm, std::string("the token's alg is not ") + key.jose_name());
  return checked(claims_of(content.payload), now, leeway);
}

std::string sign_cwt(const WatermarkToken& token, const TokenKey& key) {
  check_claims(token);
  return base64url(sign_cose(cbor_of(token), key));
}

WatermarkToken verify_cwt(std::string_view token, const TokenKey& key, std::int64_t now, std::int64_t leeway) {
  if (token.size() > kMostTokenBytes) refuse(Refusal::malformed, "the token is longer than 8000 bytes");
  const std::optional<std::string> message = bytes_of_base64url(token);
  if (!message) refuse(Refusal::malformed, "the token is not base64url");
  return checked(claims_of_cbor(open_cose(*message, key)), now, leeway);
}

}  // namespace tokens
