// SPDX-License-Identifier: LGPL-2.1-or-later
#include "log.hpp"

#include <cstdio>

namespace launcher {

void log_line(const std::string& text) {
  const std::string line = "steg-launch: " + text + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace launcher
