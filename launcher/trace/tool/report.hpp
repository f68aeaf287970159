// What steg-trace prints.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "launcher/trace/library/steg-trace.hpp"
#include "plugins/auditlog/audit_query.hpp"

namespace steg_trace::tool {

/// All that one run of steg-trace found, and what is needed to repeat it.
struct Report : Run {
  std::vector<Findings> files;
  std::string database;                                       ///< empty if none was asked
  std::map<std::string, std::vector<audit::AuditRow>> audit;  ///< rows of each ID that was found
  bool audit_unread = false;                                  ///< it was asked, and could not be read
  std::optional<bool> audit_intact;  ///< whether the log is as it was written, if that was verified
};

/// A table for people.
std::string report_text(const Report& report);

/// The document that docs/steg-trace.md describes.
std::string report_json(const Report& report);

/// The same for people who were not there: one page that needs no other file.
std::string report_html(const Report& report);

/// 83.5 as "1:23.50", 4000 as "1:06:40.00".
std::string clock_text(double seconds);

/// 10^log10_p with two digits, also where a double cannot hold it: "1.3e-512".
std::string p_value_text(double log10_p);

}  // namespace steg_trace::tool
