// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cose.hpp"

#include <cstdint>

#include "cbor.hpp"

namespace tokens {

namespace {

constexpr std::uint64_t kCwtTag = 61;
constexpr std::uint64_t kMac0Tag = 17;
constexpr std::uint64_t kSign1Tag = 18;

/// How a message is made with a kind of key. In deterministic CBOR there is no other spelling of the header, and
/// nothing else is taken.
struct Form {
  std::uint64_t tag;
  const char* context;
  std::string_view protected_header;
  const char* name;
};
constexpr Form kMac0{kMac0Tag, "MAC0", "\xA1\x01\x05", "HMAC 256/256"};   // {alg: 5}
constexpr Form kSign1{kSign1Tag, "Signature1", "\xA1\x01\x26", "ES256"};  // {alg: -7}

const Form& form_of(const TokenKey& key) { return key.is_mac() ? kMac0 : kSign1; }

/// What is signed. MAC_structure and Sig_structure have the same items in the same order.
std::string structure(const Form& form, std::string_view protected_header, std::string_view payload) {
  return cbor::head(cbor::Kind::array, 4) + cbor::text(form.context) + cbor::bytes(protected_header) + cbor::bytes({}) +
         cbor::bytes(payload);
}

}  // namespace

std::string cose_signature(std::string_view protected_header, std::string_view payload, const TokenKey& key) {
  return key.sign(structure(form_of(key), protected_header, payload));
}

std::string sign_cose(std::string_view payload, const TokenKey& key) {
  const Form& form = form_of(key);
  return cbor::head(cbor::Kind::tag, kCwtTag) + cbor::head(cbor::Kind::tag, form.tag) +
         cbor::head(cbor::Kind::array, 4) + cbor::bytes(form.protected_header) + cbor::head(cbor::Kind::map, 0) +
         cbor::bytes(payload) + cbor::bytes(cose_signature(form.protected_header, payload, key));
}

std::string open_cose(std::string_view message, const TokenKey& key) {
  const Form& form = form_of(key);
  try {
    cbor::Reader reader(message);
    std::uint64_t tag = reader.tag();
    if (tag == kCwtTag) tag = reader.tag();
    if ((tag != kMac0Tag && tag != kSign1Tag) || reader.array() != 4)
      throw TokenError(Refusal::malformed, "the token is no COSE_Mac0 or COSE_Sign1");
    const std::string_view protected_header = reader.bytes();
    reader.item();  // what is not protected says nothing that could be believed
    const std::string_view payload = reader.bytes();
    const std::string_view signature = reader.bytes();
    if (!reader.at_end()) throw TokenError(Refusal::malformed, "something follows the token");
    if (tag != form.tag || protected_header != form.protected_header)
      throw TokenError(Refusal::algorithm, std::string("the token's alg is not ") + form.name);
    if (!key.verify(structure(form, protected_header, payload), signature))
      throw TokenError(Refusal::signature, "the token is not signed with this key");
    return std::string(payload);
  } catch (const cbor::Error& error) {
    throw TokenError(Refusal::malformed, std::string("the token is no deterministic CBOR: ") + error.what());
  }
}

}  // namespace tokens
