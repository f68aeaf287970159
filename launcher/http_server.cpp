// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http_server.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "gst_ptr.hpp"
#include "json.hpp"
#include "payload.hpp"
#include "status_report.hpp"

namespace launcher {
namespace {

constexpr std::size_t kLargestBody = 64 * 1024;
constexpr const char* kElements = "/elements/";

std::string problem(const std::string& sentence) {
  return JsonText().boolean("ok", false).text("error", sentence).finish();
}

std::optional<std::string_view> header(SoupServerMessage* message, const char* name) {
  const char* value = soup_message_headers_get_one(soup_server_message_get_request_headers(message), name);
  return value ? std::optional<std::string_view>(value) : std::nullopt;
}

std::string body_of(SoupServerMessage* message) {
  const SoupMessageBody* body = soup_server_message_get_request_body(message);
  return body && body->data ? std::string(body->data, static_cast<std::size_t>(body->length)) : "";
}

}  // namespace

HttpServer::HttpServer(const Address& address, Supervisor& supervisor)
    : server_(soup_server_new("server-header", "steg-launch ", nullptr)), supervisor_(supervisor) {
  soup_server_add_handler(server_.get(), nullptr, on_request, this, nullptr);
  GSocketAddress* raw = g_inet_socket_address_new_from_string(address.host.c_str(), address.port);
  const std::unique_ptr<GSocketAddress, UnrefJson> socket_address(raw);
  GError* raw_error = nullptr;
  if (!soup_server_listen(server_.get(), raw, static_cast<SoupServerListenOptions>(0), &raw_error)) {
    const gststeg::Ptr<GError> error(raw_error);
    throw ConfigError("cannot listen on " + address.host + ":" + std::to_string(address.port) + ": " + error->message +
                      "; choose another with --listen ADDRESS:PORT (port 0 takes any free one)");
  }
}

HttpServer::~HttpServer() { soup_server_disconnect(server_.get()); }

std::string HttpServer::url() const {
  GSList* uris = soup_server_get_uris(server_.get());
  if (!uris) return "";
  const gststeg::Ptr<gchar> text(g_uri_to_string(static_cast<GUri*>(uris->data)));
  g_slist_free_full(uris, [](gpointer uri) { g_uri_unref(static_cast<GUri*>(uri)); });
  std::string url = text.get();
  if (!url.empty() && url.back() == '/') url.pop_back();
  return url;
}

void HttpServer::on_request(SoupServer*, SoupServerMessage* message, const char* path, GHashTable*, gpointer self) {
  Reply reply{SOUP_STATUS_INTERNAL_SERVER_ERROR, ""};
  try {
    reply = static_cast<HttpServer*>(self)->route(message, path);
  } catch (const std::exception& error) {
    reply.body = problem(error.what());
  }
  soup_server_message_set_status(message, reply.status, nullptr);
  soup_server_message_set_response(message, "application/json", SOUP_MEMORY_COPY, reply.body.data(), reply.body.size());
}

HttpServer::Reply HttpServer::route(SoupServerMessage* message, const std::string& path) {
  if (!is_local_request(header(message, "Host").value_or(""), header(message, "Origin"),
                        header(message, "Sec-Fetch-Site"))) {
    return {SOUP_STATUS_FORBIDDEN, problem("Requests from other sites' pages or for other host names are refused.")};
  }
  const std::string method = soup_server_message_get_method(message);
  const bool is_element = path.rfind(kElements, 0) == 0;
  const std::string expected = path == "/custom" ? "POST" : is_element ? "PUT" : "GET";
  if (path != "/custom" && path != "/pull" && path != "/stop" && path != "/status" && !is_element) {
    return {SOUP_STATUS_NOT_FOUND, problem("There is no " + path +
                                           "; there are POST /custom, GET /pull, GET /stop, "
                                           "GET /status and PUT /elements/NAME/PROPERTY.")};
  }
  if (method != expected) {
    soup_message_headers_replace(soup_server_message_get_response_headers(message), "Allow", expected.c_str());
    return {SOUP_STATUS_METHOD_NOT_ALLOWED, problem("Use " + expected + " for " + path + ".")};
  }
  const std::string body = body_of(message);
  if (body.size() > kLargestBody) return {SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, problem("The request is too long.")};
  if (path == "/custom") return set_id(body);
  if (path == "/pull") return pull();
  if (path == "/stop") return stop();
  if (path == "/status") return {SOUP_STATUS_OK, status_report(supervisor_)};
  return set_property_of(path, body);
}

HttpServer::Reply HttpServer::set_id(const std::string& body) {
  const auto& target = supervisor_.config().control.id;
  if (!target) {
    return {SOUP_STATUS_NOT_FOUND,
            problem("The pipeline file names no ID to set: add id=element.property to its [control] group.")};
  }
  try {
    const std::string id = read_string_member(body, "id");
    steg::pack_id(id);
    supervisor_.set(*target, id);
    return {SOUP_STATUS_OK, JsonText().boolean("ok", true).text("id", id).finish()};
  } catch (const std::runtime_error& error) {
    return {SOUP_STATUS_BAD_REQUEST, problem(error.what())};
  }
}

HttpServer::Reply HttpServer::set_property_of(const std::string& path, const std::string& body) {
  const std::string rest = path.substr(std::string_view(kElements).size());
  const std::size_t slash = rest.find('/');
  const PropertyName name{rest.substr(0, slash), slash == std::string::npos ? "" : rest.substr(slash + 1)};
  const auto& allowed = supervisor_.config().control.properties;
  if (std::find(allowed.begin(), allowed.end(), name) == allowed.end()) {
    return {SOUP_STATUS_NOT_FOUND, problem("The pipeline file does not list " + name.element + "." + name.property +
                                           " under properties in its [control] group.")};
  }
  try {
    const std::string value = read_string_member(body, "value");
    supervisor_.set(name, value);
    return {SOUP_STATUS_OK, JsonText().boolean("ok", true).text("value", value).finish()};
  } catch (const std::runtime_error& error) {
    return {SOUP_STATUS_BAD_REQUEST, problem(error.what())};
  }
}

HttpServer::Reply HttpServer::pull() {
  if (!supervisor_.start()) {
    return {SOUP_STATUS_CONFLICT, problem("The stream is still stopping: try again in a moment.")};
  }
  return {SOUP_STATUS_OK, JsonText().boolean("ok", true).text("state", to_string(supervisor_.status().state)).finish()};
}

HttpServer::Reply HttpServer::stop() {
  supervisor_.stop();
  return {SOUP_STATUS_OK, JsonText().boolean("ok", true).text("state", to_string(supervisor_.status().state)).finish()};
}

}  // namespace launcher
