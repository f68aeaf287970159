// What steg-trace prints.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plugins/auditlog/audit_query.hpp"
#include "tracer.hpp"

namespace trace {

/// All that one run of steg-trace found, and what is needed to repeat it.
struct Report {
  std::string version;
  std::string command;  ///< the call, as a shell would take it
  std::string made_at;  ///< UTC
  std::string model;    ///< path
  std::string key_fingerprint;
  bool public_key = false;
  std::string model_fingerprint;
  std::string sandbox;  ///< what kept the files' contents in
  double max_p_value = 0.0;
  std::vector<FileTrace> files;
  std::string database;                                       ///< empty if none was asked
  std::map<std::string, std::vector<audit::AuditRow>> audit;  ///< rows of each ID that was found
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

}  // namespace trace
