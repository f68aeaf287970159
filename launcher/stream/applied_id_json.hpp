// The ID that frames carry, as JSON.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "launcher/base/json.hpp"
#include "status.hpp"

namespace launcher {

/// The members of an applied ID; `name` is that of the ID itself.
void add_applied(JsonText& json, const AppliedId& applied, const char* name);

}  // namespace launcher
