// SPDX-License-Identifier: LGPL-2.1-or-later
#include "audit_row_json.hpp"

#include <cstdint>
#include <optional>
#include <string>

#include "glib_text.hpp"

namespace launcher {
namespace {

/// JSON is UTF-8, and what a database gives need not be.
void set_text(JsonObject* object, const char* name, const std::string& value) {
  const GlibText valid(g_utf8_make_valid(value.c_str(), -1));
  json_object_set_string_member(object, name, valid.get());
}

void set_time(JsonObject* object, const char* name, const std::optional<std::int64_t>& time) {
  time ? json_object_set_int_member(object, name, *time) : json_object_set_null_member(object, name);
}

}  // namespace

JsonNodePtr audit_row_json(const audit::AuditRow& row, NoAddress no_address) {
  JsonNodePtr node(json_node_new(JSON_NODE_OBJECT));
  JsonObject* object = json_object_new();
  json_node_take_object(node.get(), object);
  set_text(object, "id", row.id);
  set_text(object, "minute", row.minute);
  if (row.client_ip.empty() && no_address == NoAddress::null)
    json_object_set_null_member(object, "client_ip");
  else
    set_text(object, "client_ip", row.client_ip);
  json_object_set_boolean_member(object, "client_ip_removed", row.client_ip_removed);
  set_text(object, "stream", row.stream);
  set_text(object, "session", row.session);
  set_text(object, "first_time", row.first_time);
  set_text(object, "last_time", row.last_time);
  set_time(object, "first_pts", row.first_pts);
  set_time(object, "last_pts", row.last_pts);
  json_object_set_int_member(object, "encoded", row.encoded);
  json_object_set_int_member(object, "repeated", row.repeated);
  json_object_set_int_member(object, "residual", row.residual);
  json_object_set_int_member(object, "intervals", row.intervals);
  json_object_set_int_member(object, "intervals_open", row.intervals_open);
  set_text(object, "key_fingerprint", row.key_fingerprint);
  set_text(object, "model_fingerprint", row.model_fingerprint);
  json_object_set_boolean_member(object, "verified", row.verified);
  return node;
}

}  // namespace launcher
