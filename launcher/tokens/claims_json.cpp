// SPDX-License-Identifier: LGPL-2.1-or-later
#include "claims_json.hpp"

#include <json-glib/json-glib.h>

#include <limits>
#include <memory>

#include "base64url.hpp"
#include "launcher/base/json.hpp"
#include "launcher/base/unref_object.hpp"

namespace tokens {

namespace {

/// A JSON object, as long as this exists.
class Object {
 public:
  explicit Object(const std::string& json) : parser_(json_parser_new()) {
    // json-glib ends a string at an escaped NUL, which would quietly change the value.
    const bool parsed =
        json.find("\\u0000") == std::string::npos &&
        json_parser_load_from_data(parser_.get(), json.data(), static_cast<gssize>(json.size()), nullptr);
    JsonNode* root = parsed ? json_parser_get_root(parser_.get()) : nullptr;
    if (!root || !JSON_NODE_HOLDS_OBJECT(root))
      throw TokenError(Refusal::malformed, "a part of the token is no JSON object");
    object_ = json_node_get_object(root);
  }

  bool has(const char* name) const { return json_object_has_member(object_, name) != FALSE; }
  std::string text(const char* name) const {
    JsonNode* node = value(name, G_TYPE_STRING);
    return json_node_get_string(node);
  }
  /// 0 to `most`.
  std::uint64_t number(const char* name, std::uint64_t most) const {
    return checked(value(name, G_TYPE_INT64), name, most);
  }
  std::pair<std::uint64_t, std::uint64_t> pair(const char* name) const {
    JsonNode* node = json_object_get_member(object_, name);
    if (!JSON_NODE_HOLDS_ARRAY(node) || json_array_get_length(json_node_get_array(node)) != 2) refuse(name);
    const auto at = [&](guint i) {
      JsonNode* item = json_array_get_element(json_node_get_array(node), i);
      if (!JSON_NODE_HOLDS_VALUE(item) || json_node_get_value_type(item) != G_TYPE_INT64) refuse(name);
      return checked(item, name, std::numeric_limits<std::int64_t>::max());
    };
    return {at(0), at(1)};
  }

 private:
  [[noreturn]] static void refuse(const char* name) {
    throw TokenError(Refusal::claims, std::string("the claim ") + name + " is missing or is not what it should be");
  }
  JsonNode* value(const char* name, GType type) const {
    JsonNode* node = json_object_get_member(object_, name);
    if (!node || !JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != type) refuse(name);
    return node;
  }
  static std::uint64_t checked(JsonNode* node, const char* name, std::uint64_t most) {
    const gint64 number = json_node_get_int(node);
    if (number < 0 || static_cast<std::uint64_t>(number) > most) refuse(name);
    return static_cast<std::uint64_t>(number);
  }

  std::unique_ptr<JsonParser, launcher::UnrefObject> parser_;
  JsonObject* object_ = nullptr;
};

constexpr std::uint64_t kAny = std::numeric_limits<std::int64_t>::max();
/// Times are added to each other: the year 10000 is late enough.
constexpr std::uint64_t kLatestTime = 253402300800;

std::int64_t time_of(const Object& object, const char* name) {
  return static_cast<std::int64_t>(object.number(name, kLatestTime));
}

}  // namespace

std::string json_of(const WatermarkToken& token) {
  launcher::JsonText json;
  json.integer("iat", token.iat).integer("exp", token.exp);
  if (token.nbf) json.integer("nbf", *token.nbf);
  if (token.jti) json.text("jti", *token.jti);
  json.integer("wmver", kWmver).integer("wmvnd", token.wmvnd).integer("wmpatlen", token.wmpatlen);
  if (token.wmsegduration) {
    json.object("wmsegduration", "[" + std::to_string(token.wmsegduration->first) + "," +
                                     std::to_string(token.wmsegduration->second) + "]");
  }
  if (token.wmpattern) json.text("wmpattern", base64url(*token.wmpattern));
  if (token.encrypted) json.text("wmpattern", base64url(*token.encrypted));
  if (token.indirect) {
    json.text("wmid", token.indirect->wmid)
        .integer("wmopid", static_cast<gint64>(token.indirect->wmopid))
        .integer("wmkeyver", static_cast<gint64>(token.indirect->wmkeyver));
  }
  return json.finish();
}

WatermarkToken claims_of(const std::string& json) {
  const Object object(json);
  WatermarkToken token;
  token.iat = time_of(object, "iat");
  token.exp = time_of(object, "exp");
  if (object.has("nbf")) token.nbf = time_of(object, "nbf");
  if (object.has("jti")) token.jti = object.text("jti");
  if (object.number("wmver", kAny) != kWmver) throw TokenError(Refusal::claims, "the claim wmver is not 1");
  token.wmvnd = static_cast<unsigned>(object.number("wmvnd", 255));
  token.wmpatlen = static_cast<unsigned>(object.number("wmpatlen", kMostPatternBits));
  if (object.has("wmsegduration")) token.wmsegduration = object.pair("wmsegduration");
  if (object.has("wmpattern")) {
    auto bytes = bytes_of_base64url(object.text("wmpattern"));
    if (!bytes) throw TokenError(Refusal::claims, "wmpattern is not base64url");
    // JSON has one type for both; an encrypted pattern is longer than it has bits for.
    (bytes->size() > pattern_bytes(token.wmpatlen) ? token.encrypted : token.wmpattern) = std::move(bytes);
  }
  if (object.has("wmid"))
    token.indirect = {object.text("wmid"), object.number("wmopid", kAny), object.number("wmkeyver", kAny)};
  return token;
}

std::string algorithm_of(const std::string& json) {
  const Object header(json);
  return header.has("alg") ? header.text("alg") : std::string();
}

}  // namespace tokens
