// SPDX-License-Identifier: LGPL-2.1-or-later
#include "revoker.hpp"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include <memory>
#include <stdexcept>
#include <vector>

#include "launcher/base/unref_object.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace steg_trace::tool {
namespace {

using gststeg::Ptr;
using launcher::UnrefObject;

constexpr guint kPatience = 30;  ///< seconds

/// Calls of one steg-launch, as docs/http.md has them.
class Server {
 public:
  Server(std::string url, std::string token) : url_(std::move(url)), token_(std::move(token)) {
    while (!url_.empty() && url_.back() == '/') url_.pop_back();
  }

  /// The UUIDs of a viewer's tokens that are not revoked.
  std::vector<std::string> tokens_of(const std::string& viewer) const {
    const std::unique_ptr<JsonParser, UnrefObject> json = call("GET", "/tokens");
    JsonObject* root = json_node_get_object(json_parser_get_root(json.get()));
    if (!json_object_has_member(root, "tokens")) throw std::runtime_error(url_ + " lists no tokens.");
    JsonArray* list = json_object_get_array_member(root, "tokens");
    std::vector<std::string> ids;
    for (guint i = 0; i < json_array_get_length(list); ++i) {
      JsonObject* token = json_array_get_object_element(list, i);
      if (viewer == json_object_get_string_member_with_default(token, "viewer", "") &&
          json_object_get_null_member(token, "revoked"))
        ids.emplace_back(json_object_get_string_member_with_default(token, "id", ""));
    }
    return ids;
  }

  void revoke(const std::string& id) const { call("DELETE", "/tokens/" + id); }

 private:
  /// What is answered with 200: a JSON object.
  std::unique_ptr<JsonParser, UnrefObject> call(const char* method, const std::string& path) const {
    const std::unique_ptr<SoupSession, UnrefObject> session(
        soup_session_new_with_options("timeout", kPatience, "user-agent", "steg-trace", nullptr));
    const std::unique_ptr<SoupMessage, UnrefObject> message(soup_message_new(method, (url_ + path).c_str()));
    if (!message) throw std::runtime_error(url_ + " is no address of a steg-launch, such as http://127.0.0.1:5000.");
    soup_message_add_flags(message.get(), SOUP_MESSAGE_NO_REDIRECT);
    if (!token_.empty()) {
      soup_message_headers_append(soup_message_get_request_headers(message.get()), "Authorization",
                                  ("Bearer " + token_).c_str());
    }
    GError* raw = nullptr;
    GBytes* bytes = soup_session_send_and_read(session.get(), message.get(), nullptr, &raw);
    const Ptr<GError> error(raw);
    if (!bytes) throw std::runtime_error("No answer from " + url_ + ": " + error->message + ".");
    const std::unique_ptr<GBytes, decltype(&g_bytes_unref)> owned(bytes, g_bytes_unref);
    gsize size = 0;
    const auto* data = static_cast<const char*>(g_bytes_get_data(bytes, &size));
    std::unique_ptr<JsonParser, UnrefObject> json(json_parser_new());
    const bool parsed = size > 0 && json_parser_load_from_data(json.get(), data, static_cast<gssize>(size), nullptr);
    const bool is_object = parsed && JSON_NODE_HOLDS_OBJECT(json_parser_get_root(json.get()));
    const guint status = soup_message_get_status(message.get());
    if (status != SOUP_STATUS_OK || !is_object) {
      std::string why = std::to_string(status);
      if (is_object) {
        JsonObject* root = json_node_get_object(json_parser_get_root(json.get()));
        why += std::string(": ") + json_object_get_string_member_with_default(root, "error", "");
      }
      throw std::runtime_error(url_ + path + " answers " + why);
    }
    return json;
  }

  std::string url_;
  std::string token_;
};

/// Of no viewer: whether the server is there.
std::string answer(const Server& server, const std::string& viewer) {
  const std::vector<std::string> ids = server.tokens_of(viewer);
  std::size_t failed = 0;
  std::string why;
  for (const std::string& id : ids) {
    try {
      server.revoke(id);
    } catch (const std::runtime_error& error) {
      failed += 1;
      why = error.what();
    }
  }
  if (failed > 0)
    throw std::runtime_error(std::to_string(failed) + " of " + std::to_string(ids.size()) + " could not be: " + why);
  return std::to_string(ids.size());
}

}  // namespace

Revoker::Revoker(const std::string& url, const std::string& token)
    : process_("revokes tokens",
               [server = Server(url, token)](const std::string& viewer) { return answer(server, viewer); }) {
  process_.ask("");
}

std::size_t Revoker::revoke(const std::string& viewer) { return std::stoul(process_.ask(viewer)); }

}  // namespace steg_trace::tool
