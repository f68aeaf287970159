// SPDX-License-Identifier: LGPL-2.1-or-later
#include "chain.hpp"

#include <algorithm>

#include "plugins/common/crypto/digest.hpp"
#include "plugins/common/crypto/hex.hpp"

namespace audit {

ChainKey chain_key(const steg::Key& key) {
  ChainKey result{key.subkey("audit chain"), key.subkey("audit spool"), key.fingerprint(), {}};
  auto* next = result.signing.begin();
  for (const char* label : {"audit signature 1", "audit signature 2"}) {
    const Secret half = key.subkey(label);
    next = std::copy(half.begin(), half.end(), next);
  }
  return result;
}

std::string hmac_hex(const Secret& secret, std::string_view message) {
  return steg::to_hex(steg::hmac_sha256(secret.data(), secret.size(), message));
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
  if (!steg::from_hex(salt, secret.data(), secret.size()))
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

Row chain(Row event, const std::string& salt, const ChainKey& key, Head& head) {
  event.resize(kColumns);
  link(event, salt, key, head);
  return event;
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
