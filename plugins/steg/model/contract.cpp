// SPDX-License-Identifier: LGPL-2.1-or-later
#include "contract.hpp"

#include <json-glib/json-glib.h>
#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>

#include "../watermark/grid.hpp"
#include "encoder.hpp"

namespace steg {
namespace {

struct Release {
  void operator()(JsonParser* parser) const { g_object_unref(parser); }
  void operator()(GError* error) const { g_error_free(error); }
};

constexpr char kAdvice[] = "Use the models that came with gst-steg, or export yours again with models/training.";

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

std::string sha256_start(const std::string& bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1)
    throw ModelError("OpenSSL could not compute SHA-256.");
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < 8; ++i) {
    text += kDigits[digest[i] >> 4U];
    text += kDigits[digest[i] & 15U];
  }
  return text;
}

}  // namespace

Contract check_contract(const std::string& text, const std::string& expected_format, const std::string& path) {
  if (text.empty()) refuse(path, "it holds no contract.json, which says what the network is for.");
  const std::unique_ptr<JsonParser, Release> parser(json_parser_new());
  GError* raw_error = nullptr;
  if (!json_parser_load_from_data(parser.get(), text.data(), static_cast<gssize>(text.size()), &raw_error)) {
    const std::unique_ptr<GError, Release> error(raw_error);
    refuse(path, std::string("its contract.json is not JSON (") + error->message + ").");
  }
  JsonNode* root = json_parser_get_root(parser.get());
  if (!root || !JSON_NODE_HOLDS_OBJECT(root)) refuse(path, "its contract.json is not a JSON object.");
  JsonObject* contract = json_node_get_object(root);

  const std::string format = text_member(contract, "format");
  if (format != expected_format)
    refuse(path, "its contract.json gives the format \"" + format + "\", but \"" + expected_format + "\" is needed.");
  const gint64 version = integer(contract, "version");
  if (version < 1 || version > kContractVersion)
    refuse(path, "its contract has version " + std::to_string(version) + ", but this program reads versions 1 to " +
                     std::to_string(kContractVersion) + ".");
  const gint64 planes = json_object_has_member(contract, "planes") ? integer(contract, "planes") : 1;
  if (planes != 1)
    refuse(path, "its contract is about " + std::to_string(planes) + " planes, but this program reads 1.");
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
  std::ostringstream content;
  content << file.rdbuf();  // of a folder nothing comes
  ModelFile model{path, content.str(), {}};
  if (file.bad() || model.bytes.empty()) refuse(path, "it is empty or cannot be read.");
  model.fingerprint = sha256_start(model.bytes);
  return model;
}

}  // namespace steg
