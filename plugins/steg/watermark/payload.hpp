// The 56 bits that a mark carries: an ID, padded and permuted under the key.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "plugins/common/crypto/key.hpp"

namespace steg {

/// An ID that cannot be embedded. what() is a sentence that says what to do.
class IdError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline constexpr int kMaxIdBytes = 7;
inline constexpr int kPayloadBits = 56;

/// Whether `id` can be embedded: 1 to 7 bytes of UTF-8 without control characters (C0, DEL, C1).
bool is_id(std::string_view id);

/// Throws IdError, which says what is wrong, unless `id` may be given to somebody from now on: it can be embedded, and
/// people can see and type it. Marks made before that rule are read all the same.
void check_new_id(std::string_view id);

/// The ID's bytes, zero padded, first byte in the most significant 8 of the 56 bits.
/// Throws IdError, which says what is wrong, unless is_id(id).
std::uint64_t pack_id(std::string_view id);

/// The ID of 56 packed bits; nothing if no ID packs to them.
std::optional<std::string> unpack_id(std::uint64_t packed);

/// A keyed permutation of the 56-bit numbers: a balanced Feistel network over two 28-bit halves with AES-128 as the
/// round function (Luby and Rackoff 1988), 10 rounds as FF1 of NIST SP 800-38G has. Without it IDs that differ in one
/// character would become codewords of a linear code that are close to each other, and the codeword of a known ID
/// would be known without the key. Bits above the 56th of an argument are ignored.
class PayloadPermutation {
 public:
  explicit PayloadPermutation(const Key& key);
  std::uint64_t apply(std::uint64_t value) const;
  std::uint64_t invert(std::uint64_t value) const;

 private:
  Subkey subkey_;
};

}  // namespace steg
