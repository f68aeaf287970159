// The directory of a model file, which is a ZIP archive.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fuzz.hpp"
#include "plugins/steg/model/archive_size.hpp"

namespace {

using Text = std::string;

Text little_endian(std::size_t value, int bytes) {
  Text text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFFU);
  return text;
}

/// Of PKWARE's APPNOTE.TXT, 4.3.12 and 4.3.16, what a reader of sizes looks at.
Text directory(int members) {
  Text bytes;
  for (int i = 0; i < members; ++i)
    bytes += Text("PK\x01\x02") + Text(20, '\0') + little_endian(1000, 4) + little_endian(4, 2) + little_endian(2, 2) +
             little_endian(1, 2) + Text(12, '\0') + "nameexc";
  return bytes + "PK\x05\x06" + Text(6, '\0') + little_endian(static_cast<std::size_t>(members), 2) +
         little_endian(bytes.size(), 4) + little_endian(0, 4) + Text(2, '\0');
}

}  // namespace

fuzz::Target fuzz::archive() {
  return {"archive",
          {directory(0), directory(1), directory(5)},
          {"PK\x05\x06", "PK\x01\x02"},
          200000,
          [](const std::string& input) {
            const auto bytes = steg::unpacked_bytes(input);
            require(!bytes || *bytes <= std::uint64_t{65535} * 0xFFFFFFFFU, "no more members than their number says");
          }};
}
