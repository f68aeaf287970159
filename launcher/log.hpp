// One line a message on standard error.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace launcher {

/// Thread-safe: each call is one write.
void log_line(const std::string& text);

}  // namespace launcher
