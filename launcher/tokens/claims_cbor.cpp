// SPDX-License-Identifier: LGPL-2.1-or-later
#include "claims_cbor.hpp"

#include <map>

#include "cbor.hpp"

namespace tokens {

namespace {

/// RFC 8392, clause 4, and table 1 of ETSI TS 104 002.
enum Key : std::uint64_t {
  kExpKey = 4,
  kNbfKey = 5,
  kIatKey = 6,
  kCtiKey = 7,
  kWmverKey = 300,
  kWmvndKey = 301,
  kWmpatlenKey = 302,
  kWmsegdurationKey = 303,
  kWmpatternKey = 304,
  kWmidKey = 305,
  kWmopidKey = 306,
  kWmkeyverKey = 307,
};

/// Times are added to each other: the year 10000 is late enough.
constexpr std::uint64_t kLatest = 253402300800;

/// The claims that have a number for a name, each as the item that it is.
class Claims {
 public:
  explicit Claims(std::string_view data) {
    cbor::Reader reader(data);
    std::string_view last;
    for (std::uint64_t left = reader.map(); left > 0; --left) {
      const std::string_view key = reader.item();
      if (key <= last) throw cbor::Error("the claims are not in order, or one comes twice");
      last = key;
      const std::string_view value = reader.item();
      cbor::Reader name(key);
      if (name.kind() == cbor::Kind::number) claims_[name.number()] = value;
    }
    if (!reader.at_end()) throw cbor::Error("something follows the claims");
  }

  bool has(Key key) const { return claims_.count(key) > 0; }
  bool is(Key key, cbor::Kind kind) const { return has(key) && cbor::Reader(claims_.at(key)).kind() == kind; }
  cbor::Reader at(Key key, cbor::Kind kind) const {
    const auto found = claims_.find(key);
    if (found == claims_.end() || cbor::Reader(found->second).kind() != kind) refuse(key);
    return cbor::Reader(found->second);
  }
  /// 0 to `most`.
  std::uint64_t number(Key key, std::uint64_t most) const {
    const std::uint64_t value = at(key, cbor::Kind::number).number();
    if (value > most) refuse(key);
    return value;
  }
  std::int64_t time(Key key) const { return static_cast<std::int64_t>(number(key, kLatest)); }
  std::pair<std::uint64_t, std::uint64_t> pair(Key key) const {
    cbor::Reader reader = at(key, cbor::Kind::array);
    const auto value = [&] {
      if (reader.kind() != cbor::Kind::number) refuse(key);
      return reader.number();
    };
    if (reader.array() != 2) refuse(key);
    const std::uint64_t first = value();
    return {first, value()};
  }

 private:
  [[noreturn]] static void refuse(Key key) {
    throw TokenError(Refusal::claims, "the claim " + std::to_string(key) + " is missing or is not what it should be");
  }

  std::map<std::uint64_t, std::string_view> claims_;
};

}  // namespace

std::string cbor_of(const WatermarkToken& token) {
  std::map<std::uint64_t, std::string> claims;
  claims[kExpKey] = cbor::number(static_cast<std::uint64_t>(token.exp));
  if (token.nbf) claims[kNbfKey] = cbor::number(static_cast<std::uint64_t>(*token.nbf));
  claims[kIatKey] = cbor::number(static_cast<std::uint64_t>(token.iat));
  if (token.jti) claims[kCtiKey] = cbor::bytes(*token.jti);
  claims[kWmverKey] = cbor::number(kWmver);
  claims[kWmvndKey] = cbor::number(token.wmvnd);
  claims[kWmpatlenKey] = cbor::number(token.wmpatlen);
  if (token.wmsegduration) {
    claims[kWmsegdurationKey] = cbor::head(cbor::Kind::array, 2) + cbor::number(token.wmsegduration->first) +
                                cbor::number(token.wmsegduration->second);
  }
  if (token.wmpattern) claims[kWmpatternKey] = cbor::bytes(*token.wmpattern);
  if (token.encrypted) claims[kWmpatternKey] = *token.encrypted;
  if (token.indirect) {
    claims[kWmidKey] = cbor::text(token.indirect->wmid);
    claims[kWmopidKey] = cbor::number(token.indirect->wmopid);
    claims[kWmkeyverKey] = cbor::number(token.indirect->wmkeyver);
  }
  // Numbers in order are in order as CBOR, too.
  std::string out = cbor::head(cbor::Kind::map, claims.size());
  for (const auto& [key, value] : claims) out += cbor::number(key) + value;
  return out;
}

WatermarkToken claims_of_cbor(std::string_view data) {
  try {
    const Claims claims(data);
    WatermarkToken token;
    token.iat = claims.time(kIatKey);
    token.exp = claims.time(kExpKey);
    if (claims.has(kNbfKey)) token.nbf = claims.time(kNbfKey);
    if (claims.has(kCtiKey)) token.jti = claims.at(kCtiKey, cbor::Kind::bytes).bytes();
    if (claims.number(kWmverKey, UINT64_MAX) != kWmver) throw TokenError(Refusal::claims, "the claim wmver is not 1");
    token.wmvnd = static_cast<unsigned>(claims.number(kWmvndKey, 255));
    token.wmpatlen = static_cast<unsigned>(claims.number(kWmpatlenKey, kMostPatternBits));
    if (claims.has(kWmsegdurationKey)) token.wmsegduration = claims.pair(kWmsegdurationKey);
    if (claims.is(kWmpatternKey, cbor::Kind::array)) {
      token.encrypted = claims.at(kWmpatternKey, cbor::Kind::array).item();
    } else if (claims.has(kWmpatternKey)) {
      token.wmpattern = claims.at(kWmpatternKey, cbor::Kind::bytes).bytes();
    }
    if (claims.has(kWmidKey)) {
      token.indirect = {std::string(claims.at(kWmidKey, cbor::Kind::text).text()),
                        claims.number(kWmopidKey, UINT64_MAX), claims.number(kWmkeyverKey, UINT64_MAX)};
    }
    return token;
  } catch (const cbor::Error& error) {
    throw TokenError(Refusal::malformed, std::string("the claims are no deterministic CBOR: ") + error.what());
  }
}

}  // namespace tokens
