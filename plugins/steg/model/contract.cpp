// SPDX-License-Identifier: LGPL-2.1-or-later
#include "contract.hpp"

#include <json-glib/json-glib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>

#include "archive_size.hpp"
#include "encoder.hpp"
#include "plugins/common/crypto/digest.hpp"
#include "plugins/common/crypto/hex.hpp"
#include "plugins/steg/watermark/cell_layout.hpp"

namespace steg {
namespace {

struct Release {
  void operator()(JsonParser* parser) const { g_object_unref(parser); }
  void operator()(GError* error) const { g_error_free(error); }
};

constexpr char kAdvice[] = "Use the models that came with gst-steg, or export yours again with models/training.";

constexpr std::size_t kMaxModelBytes = std::size_t{256} << 20U;
constexpr std::size_t kMaxContractBytes = 65536;
constexpr std::size_t kMaxNesting = 32;
constexpr std::size_t kMostShown = 100;

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
  throw ModelError("The model \"" + path + "\" cannot be used: " + reason + " " + kAdvice);
}

/// The integer member of that name; -1 if there is none.
gint64 integer(JsonObject* object, const char* name) {
  JsonNode* node = json_object_get_member(object, name);
  const bool usable = node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_INT64;
  return usable ? json_node_get_int(node) : -1;
}

std::string text_member(JsonObject* object, const char* name) {
  JsonNode* node = json_object_get_member(object, name);
  const bool usable = node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING;
  return usable ? json_node_get_string(node) : "";
}

JsonObject* object_member(JsonObject* object, const char* name) {
  JsonNode* node = json_object_get_member(object, name);
  return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : nullptr;
}

/// JSON parsers call themselves for each bracket. Brackets in texts count, too, which does no harm.
std::size_t deepest_nesting(const std::string& text) {
  std::size_t deepest = 0;
  std::size_t depth = 0;
  for (const char c : text) {
    if (c == '[' || c == '{') deepest = std::max(deepest, ++depth);
    if ((c == ']' || c == '}') && depth > 0) --depth;
  }
  return deepest;
}

/// The start of a text that somebody else wrote, without what a terminal would obey.
std::string printable(const std::string& text) {
  std::string shown = text.substr(0, kMostShown);
  for (char& c : shown) {
    if (c < 0x20 || c == 0x7F) c = '?';
  }
  return text.size() > kMostShown ? shown + "..." : shown;
}

}  // namespace

Contract read_contract(const std::string& text, const std::string& expected_format, const std::string& path) {
  if (text.empty()) refuse(path, "it holds no contract.json, which says what the network is for.");
  if (text.size() > kMaxContractBytes || deepest_nesting(text) > kMaxNesting)
    refuse(path, "its contract.json is longer or more deeply nested than any that says what the network is for.");
  const std::unique_ptr<JsonParser, Release> parser(json_parser_new());
  GError* raw_error = nullptr;
  if (!json_parser_load_from_data(parser.get(), text.data(), static_cast<gssize>(text.size()), &raw_error)) {
    const std::unique_ptr<GError, Release> error(raw_error);
    refuse(path, "its contract.json is not JSON (" + printable(error->message) + ").");
  }
  JsonNode* root = json_parser_get_root(parser.get());
  if (!root || !JSON_NODE_HOLDS_OBJECT(root)) refuse(path, "its contract.json is not a JSON object.");
  JsonObject* contract = json_node_get_object(root);

  const std::string format = text_member(contract, "format");
  if (format != expected_format)
    refuse(path, "its contract.json gives the format \"" + printable(format) + "\", but \"" + expected_format +
                     "\" is needed.");
  const gint64 version = integer(contract, "version");
  if (version < 1 || version > kNewestContract)
    refuse(path, "its contract has version " + std::to_string(version) + ", but this program reads versions 1 to " +
                     std::to_string(kNewestContract) + ".");
  const bool luma_only = version == 1 || !json_object_has_member(contract, "planes");
  const gint64 planes = luma_only ? kLumaOnly : integer(contract, "planes");
  if (planes != kLumaOnly && planes != kAllPlanes) refuse(path, "its contract has other \"planes\" than 1 or 3.");
  JsonObject* grid = object_member(contract, "grid");
  if (!grid || integer(grid, "short_side") != kGridShortSide || integer(grid, "multiple") != kContractGridMultiple)
    refuse(path, "it was not trained for the grid of this program (short_side " + std::to_string(kGridShortSide) +
                     ", multiple " + std::to_string(kContractGridMultiple) + ").");
  return {static_cast<int>(version), static_cast<int>(planes)};
}

ModelFile read_model_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const int reason = errno;
  if (!file)
    throw ModelError("The model \"" + path + "\" cannot be opened (" + std::strerror(reason) +
                     "). Give another path, or set GST_STEG_MODEL_PATH to the folder of encoder.pt and extractor.pt.");
  ModelFile model{path, {}, {}};
  std::array<char, 65536> chunk{};
  // Of a folder nothing comes, of a device there may be no end.
  while (model.bytes.size() <= kMaxModelBytes && (file.read(chunk.data(), chunk.size()) || file.gcount() > 0))
    model.bytes.append(chunk.data(), static_cast<std::size_t>(file.gcount()));
  if (file.bad() || model.bytes.empty()) refuse(path, "it is empty or cannot be read.");
  if (model.bytes.size() > kMaxModelBytes || unpacked_bytes(model.bytes).value_or(0) > kMaxModelBytes)
    refuse(path, "it holds more than 256 MiB.");
  model.fingerprint = to_hex(sha256(model.bytes).data(), 8);
  return model;
}

}  // namespace steg
