// GET /status as JSON.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "supervisor.hpp"

namespace launcher {

/// State, places, ID, frame rates, audit queue and the `stats` of each named element that has them.
std::string status_report(const Supervisor& supervisor);

}  // namespace launcher
