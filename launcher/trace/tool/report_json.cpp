// SPDX-License-Identifier: LGPL-2.1-or-later
#include "launcher/base/audit_row_json.hpp"
#include "launcher/trace/library/findings_json.hpp"
#include "marked_text.hpp"
#include "report.hpp"

namespace steg_trace::tool {

std::string report_json(const Report& report) {
  JsonWriter json;
  json.begin_object();
  write_run(json, report);
  json.begin_array("files");
  const AuditAgrees agrees = [&report](const Segment& segment) { return audit_agrees(report, segment); };
  for (const Findings& file : report.files) write_file(json, file, agrees);
  json.end_array();
  if (!report.database.empty()) {
    if (report.audit_intact) json.truth("audit_intact", *report.audit_intact);
    json.begin_array("audit");
    for (const auto& [id, rows] : report.audit)
      for (const audit::AuditRow& row : rows) json.element(launcher::audit_row_json(row));
    json.end_array();
  }
  json.end_object();
  return json.finish();
}

}  // namespace steg_trace::tool
