// What is said of when a part of a copy was marked.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

#include "report.hpp"

namespace steg_trace::tool {

/// "14:03:22-14:03:32", UTC; empty if the mark does not say it.
std::string marked_text(const Segment& segment);

/// Whether the audit log has the ID in all minutes of the day in which its mark says that the segment was marked, on
/// whatever day; rows count for some seconds around their minute, and where the log was verified only those that it
/// vouches for. Nothing without a time or without such rows of the ID.
std::optional<bool> audit_agrees(const Report& report, const Segment& segment);

/// What is said of where all rows come from.
std::string audit_standing(const Report& report);

/// "agrees", "does not agree", or empty.
std::string audit_text_of(const Report& report, const Segment& segment);

}  // namespace steg_trace::tool
