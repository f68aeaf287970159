// The secret that callers show.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace launcher {

/// Reads a token file: one line of 16 to 256 printable characters without blanks. Throws ConfigError.
std::string read_token_file(const std::string& path);

}  // namespace launcher
