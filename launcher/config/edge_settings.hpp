// What [edge] says: the tokens of A/B watermarking, and the segments that they are good for.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>

namespace launcher {

struct EdgeSettings {
  std::string media;           ///< folder with a folder for each variant: a, b, …
  std::string key_file;        ///< of stegencode, which tokens and patterns follow from, too
  std::string token_key_file;  ///< of ES256, in PEM; empty for HMAC with a key that follows from key_file
  std::string playlist = "index.m3u8";
  std::string database = "sqlite:steg-audit.db";
  std::string stream = "tokens";  ///< of the audit log
  std::size_t variants = 2;
  bool uniform = false;  ///< shares of the variants
  std::size_t first_position = 0;
};

}  // namespace launcher
