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

std::string row_hash(const Secret& secret, const Row& row) {
  return hmac_hex(secret, canonical(Row(row.begin(), row.begin() + kHash)));
}

Row chain(const Event& event, const ChainKey& key, Head& head) {
  Row row = to_row(event);
  row.resize(kColumns);
  row[kSeq] = std::to_string(head.seq + 1);
  row[kChainKey] = key.fingerprint;
  row[kPreviousHash] = head.hash;
  row[kHash] = row_hash(key.chain, row);
  head = {head.seq + 1, *row[kHash]};
  return row;
}

}  // namespace audit
