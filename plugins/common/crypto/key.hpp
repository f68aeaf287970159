// The secret key of the marks and of the audit log.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "aes.hpp"
#include "digest.hpp"

namespace steg {

/// A key that cannot be used. what() is a sentence that says what to do.
class KeyError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Whether every user of the machine can read the file; false if it is not there.
bool is_readable_by_others(const std::string& path);

/// The first 16 bytes of a digest.
Subkey truncate(const Digest& digest);

/// A 256-bit master key. Everything keyed is derived from it: subkeys by HMAC-SHA256 (RFC 2104) over a label.
class Key {
 public:
  static constexpr int kBytes = 32;

  /// Exactly 64 hexadecimal digits. Throws KeyError; the message never repeats the text.
  static Key from_hex(std::string_view text);
  /// A text file with one line of 64 hexadecimal digits; blank lines and lines that begin with '#' are skipped, blanks
  /// around the digits and CR LF line ends are allowed.
  /// Throws KeyError (missing, unreadable, no key, more than one key, not hexadecimal).
  static Key from_file(const std::string& path);
  /// The key that is used without a key file. It is published with the source: anyone can read and forge its marks.
  static Key public_default();

  bool is_public_default() const;
  /// 16 hexadecimal digits that tell keys apart and reveal nothing of them.
  std::string fingerprint() const;
  /// First 16 bytes of HMAC-SHA256(key, label).
  Subkey subkey(std::string_view label) const;

  bool operator==(const Key& other) const { return bytes_ == other.bytes_; }
  bool operator!=(const Key& other) const { return !(*this == other); }

 private:
  explicit Key(const std::array<std::uint8_t, kBytes>& bytes) : bytes_(bytes) {}
  std::array<std::uint8_t, kBytes> bytes_;
};

}  // namespace steg
