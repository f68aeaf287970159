// Findings as JSON, as docs/steg-trace.md describes it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <optional>

#include "json_writer.hpp"
#include "steg-trace.hpp"

namespace steg_trace {

/// Whether the audit log agrees with what a segment says of its time; nothing where that cannot be said.
using AuditAgrees = std::function<std::optional<bool>(const Segment&)>;

/// Members of the object that is open: version to max_p_value.
void write_run(JsonWriter& json, const Run& run);
/// An object. `audit_agrees` may be empty.
void write_file(JsonWriter& json, const Findings& file, const AuditAgrees& audit_agrees);

}  // namespace steg_trace
