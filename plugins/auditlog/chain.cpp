// SPDX-License-Identifier: LGPL-2.1-or-later
#include "chain.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "text.hpp"

namespace audit {

std::string hmac_hex(const Secret& secret, std::string_view message) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  if (!HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
            reinterpret_cast<const unsigned char*>(message.data()), message.size(), digest.data(), &length))
    throw AuditError("HMAC-SHA256 failed: check the installation of OpenSSL.");
  return to_hex(digest.data(), length);
}

std::string sha256_hex(std::string_view message) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  if (EVP_Digest(message.data(), message.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1)
    throw AuditError("SHA-256 failed: check the installation of OpenSSL.");
  return to_hex(digest.data(), length);
}

std::string canonical(const Row& values) {
  std::string text;
  for (const Value& value : values) {
    if (value)
      text.append(std::to_string(value->size())).append(":").append(*value).append(",");
    else
      text.append("-,");
  }
  return text;
}

std::string client_ip_proof(const std::string& salt, const std::string& client_ip) {
  Secret secret{};
  if (!from_hex(salt, secret.data(), secret.size()))
    throw AuditError("A salt of the audit log is not 32 hexadecimal digits.");
  return hmac_hex(secret, client_ip);
}

std::string row_hash(const Secret& secret, const Row& row) {
  const bool first_version = !row.at(kClientIpProof);
  Row hashed;
  for (std::size_t i = 0; i < kHash; ++i) {
    const bool second_only = i >= kClientIpSalt && i <= kThroughHash;
    if (first_version ? second_only : i == kClientIp || i == kClientIpSalt) continue;
    hashed.push_back(row[i]);
  }
  return hmac_hex(secret, canonical(hashed));
}

namespace {

void link(Row& row, const std::string& salt, const ChainKey& key, Head& head) {
  row[kClientIpSalt] = salt;
  row[kClientIpProof] = client_ip_proof(salt, row[kClientIp].value_or(""));
  row[kSeq] = std::to_string(head.seq + 1);
  row[kChainKey] = key.fingerprint;
  row[kPreviousHash] = head.hash;
  row[kHash] = row_hash(key.chain, row);
  head = {head.seq + 1, *row[kHash]};
}

}  // namespace

Row chain(const Event& event, const std::string& salt, const ChainKey& key, Head& head) {
  Row row = to_row(event);
  row.resize(kColumns);
  link(row, salt, key, head);
  return row;
}

Row chain(const Tombstone& tombstone, const std::string& salt, const ChainKey& key, Head& head) {
  Event event;
  event.stream = tombstone.stream;
  event.session = tombstone.session;
  event.record = 1;
  event.minute = tombstone.minute;
  event.first_time = tombstone.before;
  event.last_time = tombstone.time;
  Row row = to_row(event);
  row.resize(kColumns);
  row[kEvent] = tombstone.kind;
  row[kThroughSeq] = std::to_string(tombstone.through.seq);
  row[kThroughHash] = tombstone.through.hash;
  link(row, salt, key, head);
  return row;
}

}  // namespace audit
