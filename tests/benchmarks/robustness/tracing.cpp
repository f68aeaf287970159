// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tracing.hpp"

#include <json-glib/json-glib.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "launcher/base/unref_object.hpp"
#include "plugins/common/gst_ptr.hpp"
#include "process.hpp"

namespace robustness {
namespace {

constexpr int kNoneFound = 1;

}  // namespace

Tracing parse_trace(const std::string& json, const std::string& id) {
  const std::unique_ptr<JsonParser, launcher::UnrefObject> parser(json_parser_new());
  GError* raw_error = nullptr;
  json_parser_load_from_data(parser.get(), json.c_str(), -1, &raw_error);
  const gststeg::Ptr<GError> error(raw_error);
  JsonNode* root = error ? nullptr : json_parser_get_root(parser.get());
  JsonArray* files = nullptr;
  if (root && JSON_NODE_HOLDS_OBJECT(root) && json_object_has_member(json_node_get_object(root), "files"))
    files = json_object_get_array_member(json_node_get_object(root), "files");
  if (!files || json_array_get_length(files) != 1) throw std::runtime_error("steg-trace wrote no JSON of one file");
  JsonObject* file = json_array_get_object_element(files, 0);
  if (json_object_has_member(file, "error"))
    throw std::runtime_error(std::string("steg-trace: ") + json_object_get_string_member(file, "error"));
  Tracing tracing;
  tracing.tried = true;
  if (json_object_has_member(file, "found")) {
    JsonObject* found = json_object_get_object_member(file, "found");
    tracing.how = json_object_get_string_member(found, "how");
    tracing.places = static_cast<int>(json_object_get_int_member(found, "position"));
  }
  JsonArray* segments = json_object_get_array_member(file, "segments");
  for (guint i = 0; i < json_array_get_length(segments); ++i) {
    JsonObject* segment = json_array_get_object_element(segments, i);
    if (json_object_get_string_member(segment, "id") != id) {
      ++tracing.wrong;
      continue;
    }
    tracing.found = true;
    tracing.signature = std::max(tracing.signature, json_object_get_double_member(segment, "signature"));
  }
  return tracing;
}

Tracing trace_copy(const std::string& program, const std::filesystem::path& copy, const std::string& id) {
  const Output output = read_program({program, "--json", "--threads", "1", copy.string()});
  if (output.status != 0 && output.status != kNoneFound)
    throw std::runtime_error(program + " cannot read " + copy.string() + ": run it by hand with --keep");
  Tracing tracing = parse_trace(output.text, id);
  tracing.cpu_seconds = output.cpu_seconds;
  return tracing;
}

}  // namespace robustness
