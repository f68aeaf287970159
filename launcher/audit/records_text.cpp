// SPDX-License-Identifier: LGPL-2.1-or-later
#include "records_text.hpp"

#include "launcher/base/audit_row_json.hpp"
#include "launcher/base/glib_text.hpp"
#include "launcher/base/text_table.hpp"
#include "plugins/auditlog/csv.hpp"

namespace auditor {

namespace {

using audit::AuditRow;

audit::Value text_of(const std::optional<std::int64_t>& number) {
  return number ? audit::Value(std::to_string(*number)) : std::nullopt;
}

std::string client_of(const AuditRow& row) {
  if (row.client_ip_removed) return "(removed)";
  return row.client_ip.empty() ? "-" : row.client_ip;
}

}  // namespace

std::string records_table(const std::vector<AuditRow>& rows) {
  std::vector<std::vector<std::string>> cells{{"ID", "minute", "client", "stream", "first", "last", "frames", ""}};
  for (const AuditRow& row : rows)
    cells.push_back({row.id, row.minute, client_of(row), row.stream, row.first_time, row.last_time,
                     std::to_string(row.encoded + row.repeated + row.residual), row.intervals_open > 0 ? "open" : ""});
  return launcher::text_table(cells, 0);
}

std::string records_json(const std::vector<AuditRow>& rows) {
  JsonArray* array = json_array_new();
  for (const AuditRow& row : rows) json_array_add_element(array, launcher::audit_row_json(row).release());
  const launcher::JsonNodePtr root(json_node_init_array(json_node_alloc(), array));
  json_array_unref(array);
  const launcher::GlibText text(json_to_string(root.get(), TRUE));
  return std::string(text.get()) + "\n";
}

std::string records_csv(const std::vector<AuditRow>& rows) {
  std::string text = audit::csv_line({"id", "minute", "client_ip", "stream", "session", "first_time", "last_time",
                                      "first_pts", "last_pts", "encoded", "repeated", "residual", "intervals",
                                      "intervals_open", "key_fingerprint", "model_fingerprint"});
  for (const AuditRow& row : rows)
    text += audit::csv_line({row.id, row.minute, row.client_ip, row.stream, row.session, row.first_time, row.last_time,
                             text_of(row.first_pts), text_of(row.last_pts), std::to_string(row.encoded),
                             std::to_string(row.repeated), std::to_string(row.residual), std::to_string(row.intervals),
                             std::to_string(row.intervals_open), row.key_fingerprint, row.model_fingerprint});
  return text;
}

}  // namespace auditor
