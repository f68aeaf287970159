// The wall-clock time as text.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace launcher {

/// Now, in UTC, as 2026-01-31T12:00:00.000Z.
std::string utc_now();

}  // namespace launcher
