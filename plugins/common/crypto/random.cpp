// SPDX-License-Identifier: LGPL-2.1-or-later
#include "random.hpp"

#include <openssl/rand.h>

#include <cstdint>
#include <vector>

#include "crypto_error.hpp"
#include "hex.hpp"

namespace steg {

namespace {

std::vector<std::uint8_t> random_bytes(std::size_t count) {
  std::vector<std::uint8_t> bytes(count);
  if (RAND_bytes(bytes.data(), static_cast<int>(count)) != 1)
    throw CryptoError("The system gives no random numbers. Try again when it has been up for a while.");
  return bytes;
}

}  // namespace

std::string random_hex(std::size_t bytes) { return to_hex(random_bytes(bytes).data(), bytes); }

std::string random_uuid() {
  auto bytes = random_bytes(16);
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x40U);  // the version
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);  // the variant
  const std::string hex = to_hex(bytes.data(), bytes.size());
  return hex.substr(0, 8) + '-' + hex.substr(8, 4) + '-' + hex.substr(12, 4) + '-' + hex.substr(16, 4) + '-' +
         hex.substr(20);
}

}  // namespace steg
