// SPDX-License-Identifier: LGPL-2.1-or-later
#include "records_text.hpp"

#include <json-glib/json-glib.h>

#include <memory>

#include "launcher/base/text_table.hpp"
#include "plugins/auditlog/csv.hpp"

namespace auditor {

namespace {

using audit::AuditRow;

struct FreeNode {
  void operator()(JsonNode* node) const { json_node_unref(node); }
};
struct FreeText {
  void operator()(gchar* text) const { g_free(text); }
};

void set_integer(JsonObject* object, const char* name, const std::optional<std::int64_t>& value) {
  value ? json_object_set_int_member(object, name, *value) : json_object_set_null_member(object, name);
}

/// JSON is UTF-8, and what a database gives need not be.
void set_text(JsonObject* object, const char* name, const std::string& value) {
  const std::unique_ptr<gchar, FreeText> valid(g_utf8_make_valid(value.c_str(), -1));
  json_object_set_string_member(object, name, valid.get());
}

JsonObject* to_json(const AuditRow& row) {
  JsonObject* object = json_object_new();
  set_text(object, "id", row.id);
  set_text(object, "minute", row.minute);
  row.client_ip.empty() ? json_object_set_null_member(object, "client_ip")
                        : set_text(object, "client_ip", row.client_ip);
  json_object_set_boolean_member(object, "client_ip_removed", row.client_ip_removed);
  set_text(object, "stream", row.stream);
  set_text(object, "session", row.session);
  set_text(object, "first_time", row.first_time);
  set_text(object, "last_time", row.last_time);
  set_integer(object, "first_pts", row.first_pts);
  set_integer(object, "last_pts", row.last_pts);
  json_object_set_int_member(object, "encoded", row.encoded);
  json_object_set_int_member(object, "repeated", row.repeated);
  json_object_set_int_member(object, "residual", row.residual);
  json_object_set_int_member(object, "intervals", row.intervals);
  json_object_set_int_member(object, "intervals_open", row.intervals_open);
  set_text(object, "key_fingerprint", row.key_fingerprint);
  set_text(object, "model_fingerprint", row.model_fingerprint);
  json_object_set_boolean_member(object, "verified", row.verified);
  return object;
}

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
  for (const AuditRow& row : rows) json_array_add_object_element(array, to_json(row));
  const std::unique_ptr<JsonNode, FreeNode> root(json_node_init_array(json_node_alloc(), array));
  json_array_unref(array);
  const std::unique_ptr<gchar, FreeText> text(json_to_string(root.get(), TRUE));
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
