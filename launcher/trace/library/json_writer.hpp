// json-glib's builder in few words.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <json-glib/json-glib.h>

#include <cstdint>
#include <memory>
#include <string>

#include "launcher/base/json_node.hpp"
#include "launcher/base/json_number.hpp"
#include "launcher/base/unref_object.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace steg_trace {

/// Names and values in the order in which they are to stand.
class JsonWriter {
 public:
  JsonWriter() : builder_(json_builder_new()) {}
  void name(const char* name) { json_builder_set_member_name(builder_.get(), name); }
  void begin_object() { json_builder_begin_object(builder_.get()); }
  void end_object() { json_builder_end_object(builder_.get()); }
  void begin_array(const char* of) {
    name(of);
    json_builder_begin_array(builder_.get());
  }
  void end_array() { json_builder_end_array(builder_.get()); }
  void text(const char* of, const std::string& value) {
    name(of);
    // JSON is UTF-8, and the name of a file need not be.
    const gststeg::Ptr<gchar> valid(g_utf8_make_valid(value.c_str(), -1));
    json_builder_add_string_value(builder_.get(), valid.get());
  }
  void number(const char* of, double value) {
    name(of);
    json_builder_add_double_value(builder_.get(), launcher::writable(value));
  }
  void element(double value) { json_builder_add_double_value(builder_.get(), launcher::writable(value)); }
  void integer(const char* of, std::int64_t value) {
    name(of);
    json_builder_add_int_value(builder_.get(), value);
  }
  void truth(const char* of, bool value) {
    name(of);
    json_builder_add_boolean_value(builder_.get(), value);
  }
  void element(launcher::JsonNodePtr value) { json_builder_add_value(builder_.get(), value.release()); }
  std::string finish() {
    const launcher::JsonNodePtr root(json_builder_get_root(builder_.get()));
    const gststeg::Ptr<gchar> text(json_to_string(root.get(), TRUE));
    return std::string(text.get()) + "\n";
  }

 private:
  std::unique_ptr<JsonBuilder, launcher::UnrefObject> builder_;
};

}  // namespace steg_trace
