// JSON text, in and out, over json-glib.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>
#include <json-glib/json-glib.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "json_node.hpp"
#include "unref_object.hpp"

namespace launcher {

/// Builds one JSON object, member by member.
class JsonText {
 public:
  JsonText();
  JsonText& text(const char* name, const std::string& value);
  /// Rounded to three decimals.
  JsonText& number(const char* name, double value);
  JsonText& integer(const char* name, gint64 value);
  JsonText& boolean(const char* name, bool value);
  JsonText& null(const char* name);
  JsonText& begin(const char* name);
  JsonText& begin_list(const char* name);
  JsonText& item(const std::string& value);
  JsonText& item(JsonNodePtr value);
  /// An object within a list.
  JsonText& begin_item();
  JsonText& end_list();
  JsonText& end();
  /// A member that is JSON already. Throws std::runtime_error if `json` does not parse.
  JsonText& object(const char* name, const std::string& json);
  /// All fields of a structure: numbers, fractions (as numbers), booleans and text; anything else as GStreamer's text.
  JsonText& fields(const GstStructure* structure);
  /// Closes the object and returns its text. Only once.
  std::string finish();

 private:
  std::unique_ptr<JsonBuilder, UnrefObject> builder_;
};

/// The string member `name` of the JSON object in `body`. Throws std::runtime_error with a sentence that says what is
/// wrong if the body is no JSON object or the member is no string, or missing without a value for that case.
std::string read_string_member(const std::string& body, const char* name,
                               const std::optional<std::string>& otherwise = std::nullopt);
/// The same for a whole number.
std::int64_t read_integer_member(const std::string& body, const char* name,
                                 const std::optional<std::int64_t>& otherwise = std::nullopt);

}  // namespace launcher
