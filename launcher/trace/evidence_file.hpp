// What tells an evidence file apart from every other one.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>

namespace trace {

struct EvidenceFile {
  std::string sha256;       ///< hexadecimal; empty if the file could not be read to its end, or is no local file
  std::uint64_t bytes = 0;  ///< that were hashed
  std::string modified;     ///< time of the last change, UTC, as the file system has it
};

/// Reads the whole file.
EvidenceFile evidence_file(const std::string& path);

}  // namespace trace
