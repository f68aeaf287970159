// The control interface.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <libsoup/soup.h>

#include <memory>
#include <string>

#include "address.hpp"
#include "supervisor.hpp"

namespace launcher {

/// POST /custom, GET /pull, GET /stop, GET /status and PUT /elements/NAME/PROPERTY, all answered in JSON: {"ok": true,
/// ...} or {"ok": false, "error": "a sentence"}.
class HttpServer {
 public:
  /// Throws ConfigError if the address cannot be had. The supervisor outlives it.
  HttpServer(const Address& address, Supervisor& supervisor);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// "http://127.0.0.1:5000", with the port that was taken.
  std::string url() const;

 private:
  struct Reply {
    unsigned status;
    std::string body;
  };
  static void on_request(SoupServer* server, SoupServerMessage* message, const char* path, GHashTable* query,
                         gpointer self);
  Reply route(SoupServerMessage* message, const std::string& path);
  Reply set_id(const std::string& body);
  Reply set_property_of(const std::string& path, const std::string& body);
  Reply pull();
  Reply stop();

  struct Unref {
    void operator()(SoupServer* server) const { g_object_unref(server); }
  };
  std::unique_ptr<SoupServer, Unref> server_;
  Supervisor& supervisor_;
};

}  // namespace launcher
