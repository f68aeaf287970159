// SPDX-License-Identifier: LGPL-2.1-or-later
#include "random.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "crypto_error.hpp"
#include "hex.hpp"

namespace steg {

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1)
    throw CryptoError("The system gives no random numbers. Try again when it has been up for a while.");
  return bytes;
}

std::string random_hex(std::size_t bytes) {
  const std::string random = random_bytes(bytes);
  return to_hex(reinterpret_cast<const std::uint8_t*>(random.data()), bytes);
}

std::string random_uuid() {
  std::array<std::uint8_t, 16> bytes{};
  const std::string random = random_bytes(bytes.size());
  std::copy(random.begin(), random.end(), bytes.begin());
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x40U);  // the version
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);  // the variant
  const std::string hex = to_hex(bytes.data(), bytes.size());
  return hex.substr(0, 8) + '-' + hex.substr(8, 4) + '-' + hex.substr(12, 4) + '-' + hex.substr(16, 4) + '-' +
         hex.substr(20);
}

}  // namespace steg
