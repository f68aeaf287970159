// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive_size.hpp"

#include <algorithm>
#include <cstddef>

namespace steg {
namespace {

// PKWARE, "APPNOTE.TXT - .ZIP File Format Specification", sections 4.3.12 and 4.3.16.
constexpr std::string_view kEnd("PK\x05\x06", 4);
constexpr std::string_view kMember("PK\x01\x02", 4);
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kMemberBytes = 46;
constexpr std::size_t kLongestComment = 65535;

std::size_t number(std::string_view bytes, std::size_t at, std::size_t count) {
  std::size_t value = 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

}  // namespace

std::optional<std::uint64_t> unpacked_bytes(std::string_view archive) {
  const std::size_t tail = std::min(archive.size(), kEndBytes + kLongestComment);
  const std::size_t in_tail = archive.substr(archive.size() - tail).rfind(kEnd);
  if (in_tail == std::string_view::npos || tail - in_tail < kEndBytes) return std::nullopt;
  const std::string_view end = archive.substr(archive.size() - tail + in_tail);
  std::size_t at = number(end, 16, 4);
  std::uint64_t sum = 0;
  for (std::size_t left = number(end, 10, 2); left > 0; --left) {
    if (at > archive.size() || archive.size() - at < kMemberBytes || archive.substr(at, 4) != kMember)
      return std::nullopt;
    const std::string_view member = archive.substr(at);
    // A member beyond 4 GiB has the largest number here, and the true one elsewhere.
    sum += number(member, 24, 4);
    at += kMemberBytes + number(member, 28, 2) + number(member, 30, 2) + number(member, 32, 2);
  }
  return sum;
}

}  // namespace steg
