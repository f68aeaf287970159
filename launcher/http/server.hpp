// The HTTP server: hands each request that may pass to its route.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <libsoup/soup.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "connection_gate.hpp"
#include "guard.hpp"
#include "launcher/base/json.hpp"
#include "launcher/config/launch_config.hpp"
#include "launcher/config/tls_certificate.hpp"
#include "routes.hpp"
#include "temporary_file.hpp"

namespace launcher {

struct Reply {
  unsigned status = SOUP_STATUS_OK;
  std::string body;
  std::string type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
};

/// {"ok": true}, and whatever else the object has.
Reply success(JsonText& json);
/// {"ok": false, "error": sentence}
Reply problem(unsigned status, const std::string& sentence);

struct Request {
  SoupServerMessage* message;  ///< borrowed
  std::string path;
  std::vector<std::string> captures;         ///< what stands for {name} in the route's pattern
  std::map<std::string, std::string> query;  ///< decoded
  std::string client;                        ///< address that it came from, past the proxies we trust
  std::string body;                          ///< empty where the route takes a file
  std::unique_ptr<TemporaryFile> file;       ///< the body, where the route takes a file

  /// A query parameter; empty if it is not there.
  std::string parameter(const std::string& name) const;
  std::optional<std::string_view> header(const char* name) const;
};

/// Thrown by a handler, to be answered as problem().
class Refusal : public std::runtime_error {
 public:
  Refusal(unsigned status, const std::string& sentence) : std::runtime_error(sentence), status_(status) {}
  unsigned status() const { return status_; }

 private:
  unsigned status_;
};

/// Nothing: the handler took the message over, to answer it later (PendingReply) or as a stream of its own.
using Handler = std::function<std::optional<Reply>(Request&)>;

constexpr std::size_t kLargestBody = 64 * 1024;

struct Route {
  RouteKey key;
  Handler handler;
  Access access = Access::token;
  std::size_t largest_body = kLargestBody;
  bool takes_file = false;
  bool lasts = false;  ///< the answer is a stream
};

/// An answer that comes later, from the main loop. If the client is gone by then, nothing happens.
class PendingReply {
 public:
  explicit PendingReply(SoupServerMessage* message);
  ~PendingReply();
  PendingReply(const PendingReply&) = delete;
  PendingReply& operator=(const PendingReply&) = delete;
  void answer(const Reply& reply);

 private:
  SoupServerMessage* message_;
};

class HttpServer {
 public:
  /// Reads token and certificate: throws ConfigError. Serves nothing yet.
  explicit HttpServer(const ServerSettings& settings);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  void add(Route route);
  /// What answers GET requests for paths that no route has; open to everybody.
  void set_page(Handler handler) { page_ = std::move(handler); }

  /// Throws ConfigError if the address cannot be had.
  void listen();

  /// "http://127.0.0.1:5000", with the port that was taken.
  std::string url() const;

  /// Calls it, once, if the client of a request leaves before it has its answer.
  void when_gone(const Request& request, std::function<void()> call);

  const std::vector<RouteKey>& routes() const { return keys_; }
  Guard& guard() { return guard_; }
  bool has_tls() const { return settings_.has_tls(); }

 private:
  struct Exchange;
  void accept(GSocketConnection* connection, GSocketAddress* local, GSocketAddress* remote);
  static void on_started(SoupServer* server, SoupServerMessage* message, gpointer self);
  static void on_headers(SoupServer* server, SoupServerMessage* message, const char* path, GHashTable* query,
                         gpointer self);
  static void on_chunk(SoupServerMessage* message, GBytes* chunk, gpointer exchange);
  static void on_request(SoupServer* server, SoupServerMessage* message, const char* path, GHashTable* query,
                         gpointer self);
  std::optional<Reply> refuse(SoupServerMessage* message, const std::string& path, GHashTable* query,
                              Exchange& exchange);
  std::optional<Reply> handle(SoupServerMessage* message, const std::string& path, GHashTable* query);
  Reply nothing_there(SoupServerMessage* message, const std::string& path, const std::string& allowed) const;

  struct Unref {
    void operator()(SoupServer* server) const { g_object_unref(server); }
  };
  ServerSettings settings_;
  Guard guard_;
  Certificate certificate_;
  std::unique_ptr<SoupServer, Unref> server_;
  ConnectionGate gate_;
  std::uint16_t port_ = 0;
  std::shared_ptr<FileBudget> uploads_;
  std::vector<RouteKey> keys_;
  std::vector<Route> routes_;
  Handler page_;
};

}  // namespace launcher
