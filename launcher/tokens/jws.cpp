// SPDX-License-Identifier: LGPL-2.1-or-later
#include "jws.hpp"

#include <optional>

#include "base64url.hpp"

namespace tokens {

std::string sign_jws(const Jws& content, const TokenKey& key) {
  const std::string signed_part = base64url(content.header) + "." + base64url(content.payload);
  return signed_part + "." + base64url(key.sign(signed_part));
}

Jws open_jws(std::string_view token, const TokenKey& key) {
  if (token.size() > kMostTokenBytes) throw TokenError(Refusal::malformed, "the token is longer than 8000 bytes");
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  if (first == std::string_view::npos || first == last || token.find('.', first + 1) != last)
    throw TokenError(Refusal::malformed, "the token has not three parts");
  const std::optional<std::string> header = bytes_of_base64url(token.substr(0, first));
  const std::optional<std::string> payload = bytes_of_base64url(token.substr(first + 1, last - first - 1));
  const std::optional<std::string> signature = bytes_of_base64url(token.substr(last + 1));
  if (!header || !payload || !signature) throw TokenError(Refusal::malformed, "a part of the token is not base64url");
  if (!key.verify(token.substr(0, last), *signature))
    throw TokenError(Refusal::signature, std::string("the token is not signed with this key and ") + key.jose_name());
  return {*header, *payload};
}

}  // namespace tokens
