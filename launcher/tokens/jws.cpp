// SPDX-License-Identifier: LGPL-2.1-or-later
#include "jws.hpp"

#include <openssl/crypto.h>

#include <cstdint>
#include <optional>

#include "base64url.hpp"
#include "plugins/common/crypto/digest.hpp"

namespace tokens {

namespace {

std::string mac(std::string_view signed_part, std::string_view key) {
  if (key.size() < kLeastKeyBytes) throw std::invalid_argument("a key for HMAC-SHA256 has 32 bytes or more");
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(key.data());
  const steg::Digest digest = steg::hmac_sha256(bytes, key.size(), signed_part);
  return {digest.begin(), digest.end()};
}

}  // namespace

std::string sign_hs256(const Jws& content, std::string_view key) {
  const std::string signed_part = base64url(content.header) + "." + base64url(content.payload);
  return signed_part + "." + base64url(mac(signed_part, key));
}

Jws open_hs256(std::string_view token, std::string_view key) {
  if (token.size() > kMostTokenBytes) throw TokenError(Refusal::malformed, "the token is longer than 8000 bytes");
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  if (first == std::string_view::npos || first == last || token.find('.', first + 1) != last)
    throw TokenError(Refusal::malformed, "the token has not three parts");
  const std::optional<std::string> header = bytes_of_base64url(token.substr(0, first));
  const std::optional<std::string> payload = bytes_of_base64url(token.substr(first + 1, last - first - 1));
  const std::optional<std::string> signature = bytes_of_base64url(token.substr(last + 1));
  if (!header || !payload || !signature) throw TokenError(Refusal::malformed, "a part of the token is not base64url");
  const std::string expected = mac(token.substr(0, last), key);
  if (signature->size() != expected.size() || CRYPTO_memcmp(signature->data(), expected.data(), expected.size()) != 0)
    throw TokenError(Refusal::signature, "the token is not signed with this key and HMAC-SHA256");
  return {*header, *payload};
}

}  // namespace tokens
