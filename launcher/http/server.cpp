// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server.hpp"

#include <stdexcept>

#include "gst_ptr.hpp"
#include "tls_certificate.hpp"

namespace launcher {
namespace {

constexpr const char* kExchange = "steg-exchange";

std::optional<std::string_view> header_of(SoupServerMessage* message, const char* name) {
  const char* value = soup_message_headers_get_one(soup_server_message_get_request_headers(message), name);
  return value ? std::optional<std::string_view>(value) : std::nullopt;
}

/// All headers of that name together, as if they were one.
std::optional<std::string_view> forwarded_for(SoupServerMessage* message) {
  const char* value =
      soup_message_headers_get_list(soup_server_message_get_request_headers(message), "X-Forwarded-For");
  return value ? std::optional<std::string_view>(value) : std::nullopt;
}

std::optional<std::string_view> query_value(GHashTable* query, const char* name) {
  const auto* value = query ? static_cast<const char*>(g_hash_table_lookup(query, name)) : nullptr;
  return value ? std::optional<std::string_view>(value) : std::nullopt;
}

std::map<std::string, std::string> to_map(GHashTable* query) {
  std::map<std::string, std::string> map;
  if (!query) return map;
  GHashTableIter iterator;
  gpointer key = nullptr;
  gpointer value = nullptr;
  g_hash_table_iter_init(&iterator, query);
  while (g_hash_table_iter_next(&iterator, &key, &value)) {
    map[static_cast<const char*>(key)] = static_cast<const char*>(value);
  }
  return map;
}

std::string body_of(SoupServerMessage* message) {
  const SoupMessageBody* body = soup_server_message_get_request_body(message);
  return body && body->data ? std::string(body->data, static_cast<std::size_t>(body->length)) : "";
}

void write_reply(SoupServerMessage* message, const Reply& reply) {
  SoupMessageHeaders* headers = soup_server_message_get_response_headers(message);
  for (const auto& [name, value] : reply.headers) soup_message_headers_replace(headers, name.c_str(), value.c_str());
  soup_message_headers_replace(headers, "X-Content-Type-Options", "nosniff");
  // libsoup before 3.3 never lets go of an idle connection that the client has closed.
  soup_message_headers_replace(headers, "Connection", "close");
  if (!soup_message_headers_get_one(headers, "Cache-Control")) {
    soup_message_headers_replace(headers, "Cache-Control", "no-store");
  }
  soup_server_message_set_status(message, reply.status, nullptr);
  soup_server_message_set_response(message, reply.type.c_str(), SOUP_MEMORY_COPY, reply.body.data(), reply.body.size());
}

std::string megabytes(std::size_t size) {
  return size >= 1024 * 1024 ? std::to_string(size / 1024 / 1024) + " MiB" : std::to_string(size / 1024) + " KiB";
}

Reply too_long(std::size_t limit) {
  return problem(SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "The request is too long: at most " + megabytes(limit) + ".");
}

}  // namespace

/// What is known of a request from its headers on.
struct HttpServer::Exchange {
  std::optional<std::size_t> route;  ///< none: the page
  std::vector<std::string> captures;
  std::size_t largest_body = kLargestBody;
  std::size_t size = 0;
  std::unique_ptr<TemporaryFile> file;
};

Reply success(JsonText& json) { return {SOUP_STATUS_OK, json.finish()}; }

Reply problem(unsigned status, const std::string& sentence) {
  return {status, JsonText().boolean("ok", false).text("error", sentence).finish()};
}

std::string Request::parameter(const std::string& name) const {
  const auto found = query.find(name);
  return found == query.end() ? "" : found->second;
}

std::optional<std::string_view> Request::header(const char* name) const { return header_of(message, name); }

PendingReply::PendingReply(SoupServerMessage* message)
    : message_(static_cast<SoupServerMessage*>(g_object_ref(message))) {
  soup_server_message_pause(message_);
}

PendingReply::~PendingReply() { g_object_unref(message_); }

void PendingReply::answer(const Reply& reply) {
  write_reply(message_, reply);
  soup_server_message_unpause(message_);
}

HttpServer::HttpServer(const ServerSettings& settings)
    : settings_(settings),
      guard_(settings.token_file.empty() ? std::nullopt
                                         : std::optional<std::string>(read_token_file(settings.token_file))),
      server_(soup_server_new("server-header", "steg-launch ", nullptr)) {
  if (const Certificate certificate = read_certificate(settings_)) {
    soup_server_set_tls_certificate(server_.get(), certificate.get());
  }
  soup_server_add_early_handler(server_.get(), nullptr, on_headers, this, nullptr);
  soup_server_add_handler(server_.get(), nullptr, on_request, this, nullptr);
}

HttpServer::~HttpServer() { soup_server_disconnect(server_.get()); }

void HttpServer::add(Route route) {
  keys_.push_back(route.key);
  routes_.push_back(std::move(route));
}

void HttpServer::listen() {
  const Address& address = *settings_.listen;
  const std::unique_ptr<GSocketAddress, UnrefObject> socket_address(
      g_inet_socket_address_new_from_string(address.host.c_str(), address.port));
  const auto options = static_cast<SoupServerListenOptions>(has_tls() ? SOUP_SERVER_LISTEN_HTTPS : 0);
  GError* raw_error = nullptr;
  if (!soup_server_listen(server_.get(), socket_address.get(), options, &raw_error)) {
    const gststeg::Ptr<GError> error(raw_error);
    throw ConfigError("cannot listen on " + address.host + ":" + std::to_string(address.port) + ": " + error->message +
                      "; choose another with --listen ADDRESS:PORT (port 0 takes any free one)");
  }
}

std::string HttpServer::url() const {
  GSList* uris = soup_server_get_uris(server_.get());
  if (!uris) return "";
  const gststeg::Ptr<gchar> text(g_uri_to_string(static_cast<GUri*>(uris->data)));
  g_slist_free_full(uris, [](gpointer uri) { g_uri_unref(static_cast<GUri*>(uri)); });
  std::string url = text.get();
  if (!url.empty() && url.back() == '/') url.pop_back();
  return url;
}

void HttpServer::on_headers(SoupServer*, SoupServerMessage* message, const char* path, GHashTable* query,
                            gpointer self) {
  auto owned = std::make_unique<Exchange>();
  Exchange& exchange = *owned;
  g_object_set_data_full(G_OBJECT(message), kExchange, owned.release(),
                         [](gpointer data) { const std::unique_ptr<Exchange> freed(static_cast<Exchange*>(data)); });
  std::optional<Reply> refusal;
  try {
    refusal = static_cast<HttpServer*>(self)->refuse(message, path, query, exchange);
  } catch (const std::exception& error) {
    refusal = problem(SOUP_STATUS_INTERNAL_SERVER_ERROR, error.what());
  }
  // A body that nobody wants, and one that goes to a file, is not kept in memory.
  if (refusal || exchange.file) {
    soup_message_body_set_accumulate(soup_server_message_get_request_body(message), FALSE);
  }
  if (refusal) {
    write_reply(message, *refusal);
  } else {
    g_signal_connect(message, "got-chunk", G_CALLBACK(on_chunk), &exchange);
  }
}

std::optional<Reply> HttpServer::refuse(SoupServerMessage* message, const std::string& path, GHashTable* query,
                                        Exchange& exchange) {
  const std::string method = soup_server_message_get_method(message);
  RouteMatch match = find_route(keys_, method, path);
  const bool page = !match.route && match.allowed.empty() && method == "GET" && page_;
  const Access access = match.route ? routes_[*match.route].access : page ? Access::kOpen : Access::kToken;
  const Credentials credentials{
      header_of(message, "Host").value_or(""), header_of(message, "Origin"), header_of(message, "Sec-Fetch-Site"),
      header_of(message, "Authorization"),     header_of(message, "Cookie"), query_value(query, "token")};
  switch (guard_.check(access, credentials)) {
    case Guard::Verdict::kAllowed:
      break;
    case Guard::Verdict::kForeignPage:
      return problem(SOUP_STATUS_FORBIDDEN, "Requests from other sites' pages or for other host names are refused.");
    case Guard::Verdict::kTokenMissing: {
      Reply reply = problem(SOUP_STATUS_UNAUTHORIZED,
                            "This needs the token of the server's token-file: send the header 'Authorization: Bearer "
                            "TOKEN', or open a session with POST /session.");
      // Browsers ask people for a password when they see Basic; players need to see it.
      reply.headers.emplace_back("WWW-Authenticate",
                                 path == "/live.flv" ? "Basic realm=\"steg-launch\"" : "Bearer realm=\"steg-launch\"");
      return reply;
    }
  }
  if (!match.route && !page) return nothing_there(message, path, match.allowed);
  if (page) return std::nullopt;
  const Route& route = routes_[*match.route];
  exchange.route = match.route;
  exchange.captures = std::move(match.captures);
  exchange.largest_body = route.largest_body;
  const goffset length = soup_message_headers_get_content_length(soup_server_message_get_request_headers(message));
  if (length > 0 && static_cast<std::size_t>(length) > route.largest_body) return too_long(route.largest_body);
  if (route.takes_file) exchange.file = std::make_unique<TemporaryFile>();
  return std::nullopt;
}

Reply HttpServer::nothing_there(SoupServerMessage* message, const std::string& path, const std::string& allowed) const {
  if (allowed.empty()) {
    std::string known;
    for (const RouteKey& key : keys_) known += (known.empty() ? "" : ", ") + key.method + " " + key.pattern;
    return problem(SOUP_STATUS_NOT_FOUND, "There is no " + path + "; there are: " + known + ".");
  }
  Reply reply = problem(SOUP_STATUS_METHOD_NOT_ALLOWED,
                        "Use " + allowed + " for " + path + ", not " + soup_server_message_get_method(message) + ".");
  reply.headers.emplace_back("Allow", allowed);
  return reply;
}

void HttpServer::on_chunk(SoupServerMessage* message, GBytes* chunk, gpointer data) {
  auto* exchange = static_cast<Exchange*>(data);
  gsize size = 0;
  const gconstpointer bytes = g_bytes_get_data(chunk, &size);
  exchange->size += size;
  if (exchange->size > exchange->largest_body) {
    soup_message_body_set_accumulate(soup_server_message_get_request_body(message), FALSE);
  } else if (exchange->file) {
    exchange->file->write(bytes, size);
  }
}

void HttpServer::on_request(SoupServer*, SoupServerMessage* message, const char* path, GHashTable* query,
                            gpointer self) {
  std::optional<Reply> reply;
  try {
    reply = static_cast<HttpServer*>(self)->handle(message, path, query);
  } catch (const Refusal& refusal) {
    reply = problem(refusal.status(), refusal.what());
  } catch (const std::exception& error) {
    reply = problem(SOUP_STATUS_INTERNAL_SERVER_ERROR, error.what());
  }
  if (reply) write_reply(message, *reply);
}

std::optional<Reply> HttpServer::handle(SoupServerMessage* message, const std::string& path, GHashTable* query) {
  auto* exchange = static_cast<Exchange*>(g_object_get_data(G_OBJECT(message), kExchange));
  if (exchange->size > exchange->largest_body) return too_long(exchange->largest_body);
  if (exchange->file && !exchange->file->is_whole()) {
    return problem(SOUP_STATUS_INSUFFICIENT_STORAGE, "The server has no room for a temporary file of that size.");
  }
  const char* peer = soup_server_message_get_remote_host(message);
  Request request{message,
                  path,
                  exchange->captures,
                  to_map(query),
                  client_address(peer ? peer : "", forwarded_for(message), settings_.proxies),
                  exchange->file ? "" : body_of(message),
                  std::move(exchange->file)};
  return exchange->route ? routes_[*exchange->route].handler(request) : page_(request);
}

}  // namespace launcher
