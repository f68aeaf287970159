// SPDX-License-Identifier: LGPL-2.1-or-later
#include "json.hpp"

#include <cmath>
#include <stdexcept>

#include "json_number.hpp"
#include "plugins/common/gst_ptr.hpp"
#include "unref_object.hpp"

namespace launcher {
namespace {

using gststeg::Ptr;

/// JSON is UTF-8, and a file's name or a path that somebody asks for need not be.
void add_text(JsonBuilder* builder, const gchar* text) {
  const Ptr<gchar> valid(g_utf8_make_valid(text, -1));
  json_builder_add_string_value(builder, valid.get());
}

/// A backslash before the escape makes letters of it.
bool has_escaped_nul(const std::string& json) {
  constexpr std::string_view kNul = "\\u0000";
  for (std::size_t at = json.find('\\'); at != std::string::npos; at = json.find('\\', at + 2)) {
    if (json.compare(at, kNul.size(), kNul) == 0) return true;
  }
  return false;
}

void add_value(JsonBuilder* builder, const GValue* value) {
  if (G_VALUE_HOLDS_STRING(value)) {
    const gchar* text = g_value_get_string(value);
    add_text(builder, text ? text : "");
  } else if (G_VALUE_HOLDS_BOOLEAN(value)) {
    json_builder_add_boolean_value(builder, g_value_get_boolean(value));
  } else if (GST_VALUE_HOLDS_FRACTION(value)) {
    const gint denominator = gst_value_get_fraction_denominator(value);
    json_builder_add_double_value(
        builder, denominator != 0 ? static_cast<double>(gst_value_get_fraction_numerator(value)) / denominator : 0);
  } else if (G_VALUE_HOLDS_DOUBLE(value) || G_VALUE_HOLDS_FLOAT(value)) {
    GValue number = G_VALUE_INIT;
    g_value_init(&number, G_TYPE_DOUBLE);
    g_value_transform(value, &number);
    json_builder_add_double_value(builder, writable(g_value_get_double(&number)));
  } else if (g_value_type_transformable(G_VALUE_TYPE(value), G_TYPE_INT64) && !G_VALUE_HOLDS_ENUM(value)) {
    GValue number = G_VALUE_INIT;
    g_value_init(&number, G_TYPE_INT64);
    g_value_transform(value, &number);
    json_builder_add_int_value(builder, g_value_get_int64(&number));
  } else {
    const Ptr<gchar> text(gst_value_serialize(value));
    add_text(builder, text ? text.get() : "");
  }
}

}  // namespace

JsonText::JsonText() : builder_(json_builder_new()) { json_builder_begin_object(builder_.get()); }

JsonText& JsonText::text(const char* name, const std::string& value) {
  json_builder_set_member_name(builder_.get(), name);
  add_text(builder_.get(), value.c_str());
  return *this;
}

JsonText& JsonText::number(const char* name, double value) {
  json_builder_set_member_name(builder_.get(), name);
  json_builder_add_double_value(builder_.get(), std::round(value * 1000) / 1000);
  return *this;
}

JsonText& JsonText::integer(const char* name, gint64 value) {
  json_builder_set_member_name(builder_.get(), name);
  json_builder_add_int_value(builder_.get(), value);
  return *this;
}

JsonText& JsonText::boolean(const char* name, bool value) {
  json_builder_set_member_name(builder_.get(), name);
  json_builder_add_boolean_value(builder_.get(), value);
  return *this;
}

JsonText& JsonText::null(const char* name) {
  json_builder_set_member_name(builder_.get(), name);
  json_builder_add_null_value(builder_.get());
  return *this;
}

JsonText& JsonText::begin(const char* name) {
  json_builder_set_member_name(builder_.get(), name);
  json_builder_begin_object(builder_.get());
  return *this;
}

JsonText& JsonText::begin_list(const char* name) {
  json_builder_set_member_name(builder_.get(), name);
  json_builder_begin_array(builder_.get());
  return *this;
}

JsonText& JsonText::item(const std::string& value) {
  add_text(builder_.get(), value.c_str());
  return *this;
}

JsonText& JsonText::item(JsonNodePtr value) {
  json_builder_add_value(builder_.get(), value.release());
  return *this;
}

JsonText& JsonText::begin_item() {
  json_builder_begin_object(builder_.get());
  return *this;
}

JsonText& JsonText::end_list() {
  json_builder_end_array(builder_.get());
  return *this;
}

JsonText& JsonText::end() {
  json_builder_end_object(builder_.get());
  return *this;
}

JsonText& JsonText::object(const char* name, const std::string& json) {
  GError* raw_error = nullptr;
  JsonNode* node = json_from_string(json.c_str(), &raw_error);
  const Ptr<GError> error(raw_error);
  if (!node) throw std::runtime_error(error ? error->message : "There is no JSON.");
  json_builder_set_member_name(builder_.get(), name);
  json_builder_add_value(builder_.get(), node);
  return *this;
}

JsonText& JsonText::fields(const GstStructure* structure) {
  for (gint i = 0; i < gst_structure_n_fields(structure); ++i) {
    const gchar* name = gst_structure_nth_field_name(structure, static_cast<guint>(i));
    json_builder_set_member_name(builder_.get(), name);
    add_value(builder_.get(), gst_structure_get_value(structure, name));
  }
  return *this;
}

std::string JsonText::finish() {
  json_builder_end_object(builder_.get());
  const JsonNodePtr root(json_builder_get_root(builder_.get()));
  const std::unique_ptr<JsonGenerator, UnrefObject> generator(json_generator_new());
  json_generator_set_root(generator.get(), root.get());
  const Ptr<gchar> text(json_generator_to_data(generator.get(), nullptr));
  return text.get();
}

namespace {

/// Calls `found` with the member, which is null if it is not there, as long as it exists.
template <class Found>
auto with_member(const std::string& body, const char* name, const std::string& example, const Found& found) {
  const std::unique_ptr<JsonParser, UnrefObject> parser(json_parser_new());
  GError* raw_error = nullptr;
  if (!json_parser_load_from_data(parser.get(), body.data(), static_cast<gssize>(body.size()), &raw_error)) {
    const Ptr<GError> error(raw_error);
    throw std::runtime_error("The request is not JSON: " + example + ".");
  }
  JsonNode* root = json_parser_get_root(parser.get());
  if (!root || !JSON_NODE_HOLDS_OBJECT(root))
    throw std::runtime_error("The request is not a JSON object: " + example + ".");
  return found(json_object_get_member(json_node_get_object(root), name));
}

bool holds(JsonNode* member, GType type) {
  return member && JSON_NODE_HOLDS_VALUE(member) && json_node_get_value_type(member) == type;
}

}  // namespace

std::string read_string_member(const std::string& body, const char* name, const std::optional<std::string>& otherwise) {
  const std::string example = std::string("send {\"") + name + "\": \"...\"}";
  return with_member(body, name, example, [&](JsonNode* member) {
    if (!member && otherwise) return *otherwise;
    if (!holds(member, G_TYPE_STRING))
      throw std::runtime_error(std::string("The request has no text named \"") + name + "\": " + example + ".");
    // json-glib ends a string at an escaped NUL, which would quietly change the value.
    if (has_escaped_nul(body)) throw std::runtime_error("The text contains a NUL character: remove it.");
    return std::string(json_node_get_string(member));
  });
}

std::int64_t read_integer_member(const std::string& body, const char* name,
                                 const std::optional<std::int64_t>& otherwise) {
  const std::string example = std::string("send {\"") + name + "\": 1}";
  return with_member(body, name, example, [&](JsonNode* member) -> std::int64_t {
    if (!member && otherwise) return *otherwise;
    if (!holds(member, G_TYPE_INT64))
      throw std::runtime_error(std::string("The request has no whole number named \"") + name + "\": " + example + ".");
    return json_node_get_int(member);
  });
}

}  // namespace launcher
