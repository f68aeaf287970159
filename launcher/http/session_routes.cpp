// SPDX-License-Identifier: LGPL-2.1-or-later
#include "services.hpp"

namespace launcher {
namespace {

std::string cookie(const std::string& value, std::chrono::seconds life, bool secure) {
  return std::string(Guard::kCookie) + "=" + value +
         "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(life.count()) + (secure ? "; Secure" : "");
}

Reply open(const Request& request, HttpServer& server) {
  Guard& guard = server.guard();
  std::string token;
  try {
    token = read_string_member(request.body, "token");
  } catch (const std::runtime_error& error) {
    return problem(SOUP_STATUS_BAD_REQUEST, error.what());
  }
  if (guard.has_token() && !guard.is_token(token)) {
    return problem(SOUP_STATUS_UNAUTHORIZED, "That is not the token in the server's token-file.");
  }
  Reply reply = success(JsonText().boolean("ok", true));
  if (guard.has_token()) {
    reply.headers.emplace_back("Set-Cookie", cookie(guard.open_session(), Guard::kSessionLife, server.has_tls()));
  }
  return reply;
}

Reply close(const Request& request, HttpServer& server) {
  server.guard().close_session(request.header("Cookie").value_or(""));
  Reply reply = success(JsonText().boolean("ok", true));
  reply.headers.emplace_back("Set-Cookie", cookie("", std::chrono::seconds(0), server.has_tls()));
  return reply;
}

}  // namespace

void add_session_routes(HttpServer& server) {
  server.add({{"POST", "/session"}, [&](Request& request) { return open(request, server); }, Access::open});
  server.add({{"DELETE", "/session"}, [&](Request& request) { return close(request, server); }, Access::open});
}

}  // namespace launcher
