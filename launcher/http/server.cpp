// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <stdexcept>

#include "guarded_stream.hpp"
#include "launcher/base/config_error.hpp"
#include "launcher/base/unref_object.hpp"
#include "launcher/config/token_file.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace launcher {
namespace {

constexpr const char* kExchange = "steg-exchange";
constexpr std::size_t kLargestUploads = std::size_t{512} * 1024 * 1024;  ///< all that come in at once

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

Reply too_many_uploads() {
  return problem(SOUP_STATUS_SERVICE_UNAVAILABLE, "Too much is being uploaded: at most " + megabytes(kLargestUploads) +
                                                      " at once. Try again in a moment.");
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
      certificate_(read_certificate(settings_)),
      server_(soup_server_new("server-header", "steg-launch ", nullptr)),
      gate_(settings_.connections, settings_.proxies,
            [this](GSocketConnection* connection, GSocketAddress* local, GSocketAddress* remote) {
              accept(connection, local, remote);
            }),
      uploads_(std::make_shared<FileBudget>(FileBudget{kLargestUploads})) {
  g_signal_connect(server_.get(), "request-started", G_CALLBACK(on_started), this);
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
  try {
    port_ = gate_.listen(socket_address.get());
  } catch (const std::runtime_error& error) {
    throw ConfigError("cannot listen on " + address.host + ":" + std::to_string(address.port) + ": " + error.what() +
                      "; choose another with --listen ADDRESS:PORT (port 0 takes any free one)");
  }
}

std::string HttpServer::url() const {
  const std::string& host = settings_.listen->host;
  const std::string in_uri = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return (has_tls() ? "https://" : "http://") + in_uri + ":" + std::to_string(port_);
}

void HttpServer::when_gone(const Request& request, std::function<void()> call) {
  gate_.when_gone(soup_server_message_get_remote_address(request.message), std::move(call));
}

void HttpServer::accept(GSocketConnection* connection, GSocketAddress* local, GSocketAddress* remote) {
  std::unique_ptr<GIOStream, UnrefObject> stream(G_IO_STREAM(g_object_ref(connection)));
  if (certificate_) stream.reset(g_tls_server_connection_new(stream.get(), certificate_.get(), nullptr));
  if (!stream) return;
  // As libsoup sets it for the connections that it accepts.
  g_socket_set_option(g_socket_connection_get_socket(connection), IPPROTO_TCP, TCP_NODELAY, 1, nullptr);
  const std::unique_ptr<GIOStream, UnrefObject> guarded(guarded_stream_new(stream.get()));
  soup_server_accept_iostream(server_.get(), guarded.get(), local, remote, nullptr);
}

/// Signals of a message tell the gate how far its connection is.
template <ConnectionTable::Stage kStage>
void enters(SoupServerMessage* message, gpointer gate) {
  static_cast<ConnectionGate*>(gate)->enter(soup_server_message_get_remote_address(message), kStage);
}

void HttpServer::on_started(SoupServer*, SoupServerMessage* message, gpointer self) {
  using Stage = ConnectionTable::Stage;
  // Also what libsoup answers by itself: before 3.3 it never lets go of an idle connection that the client has closed.
  soup_message_headers_replace(soup_server_message_get_response_headers(message), "Connection", "close");
  ConnectionGate* gate = &static_cast<HttpServer*>(self)->gate_;
  const auto progress = +[](SoupServerMessage* of, gpointer, gpointer at) {
    static_cast<ConnectionGate*>(at)->progress(soup_server_message_get_remote_address(of));
  };
  g_signal_connect(message, "got-headers", G_CALLBACK(enters<Stage::body>), gate);
  g_signal_connect(message, "got-chunk", G_CALLBACK(progress), gate);
  g_signal_connect(message, "got-body", G_CALLBACK(enters<Stage::waiting>), gate);
  g_signal_connect(message, "wrote-headers", G_CALLBACK(enters<Stage::answering>), gate);
  g_signal_connect(message, "wrote-body-data", G_CALLBACK(progress), gate);
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
  const Access access = match.route ? routes_[*match.route].access : page ? Access::open : Access::token;
  const Credentials credentials{header_of(message, "Host").value_or(""),
                                header_of(message, "Origin"),
                                header_of(message, "Sec-Fetch-Site"),
                                header_of(message, "Authorization"),
                                header_of(message, "Cookie"),
                                query_value(query, "token"),
                                header_of(message, "Referer")};
  switch (guard_.check(access, credentials)) {
    case Guard::Verdict::allowed:
      break;
    case Guard::Verdict::foreign_page:
      return problem(SOUP_STATUS_FORBIDDEN, "Requests from other sites' pages or for other host names are refused.");
    case Guard::Verdict::token_missing: {
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
  if (!route.takes_file) return std::nullopt;
  if (length > 0 && static_cast<std::size_t>(length) > uploads_->left) return too_many_uploads();
  exchange.file = std::make_unique<TemporaryFile>(uploads_);
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
  const auto state = exchange->file ? exchange->file->state() : TemporaryFile::State::whole;
  if (state == TemporaryFile::State::budget_spent) return too_many_uploads();
  if (state == TemporaryFile::State::disk_full) {
    return problem(SOUP_STATUS_INSUFFICIENT_STORAGE, "The server has no room for a temporary file of that size.");
  }
  if (exchange->route && routes_[*exchange->route].lasts &&
      !gate_.make_lasting(soup_server_message_get_remote_address(message))) {
    return problem(SOUP_STATUS_SERVICE_UNAVAILABLE,
                   "There are as many viewers and listeners as the server takes: max-connections in [control] says how "
                   "many.");
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
