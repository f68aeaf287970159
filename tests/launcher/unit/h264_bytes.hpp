// Pieces of H.264 streams for tests.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

/// Of hexadecimal digits.
inline std::string bytes_of(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2)
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  return bytes;
}

/// A NAL unit of under 256 bytes behind its length in four bytes, as in MP4 and FLV.
inline std::string with_length(const std::string& nal) {
  return std::string(3, '\0') + static_cast<char>(nal.size()) + nal;
}
