// Who may talk to the server: tokens, sessions, web pages of other sites, proxies.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/common/crypto/digest.hpp"
#include "routes.hpp"

namespace launcher {

/// The headers of a request that decide about it.
struct Credentials {
  std::string_view host;
  std::optional<std::string_view> origin;
  std::optional<std::string_view> fetch_site;
  std::optional<std::string_view> authorization;
  std::optional<std::string_view> cookie;
  std::optional<std::string_view> query_token;
  std::optional<std::string_view> referer = {};
};

/// A token that somebody may show, and the sessions that were opened with it.
class Guard {
 public:
  /// No token: everybody who reaches the server may use it, if the request does not come from another site's page.
  explicit Guard(std::optional<std::string> token) : token_(std::move(token)) {}

  enum class Verdict { allowed, token_missing, foreign_page };
  Verdict check(Access access, const Credentials& credentials) const;

  bool has_token() const { return token_.has_value(); }

  /// Compares in constant time.
  bool is_token(std::string_view text) const;

  static constexpr const char* kCookie = "steg-session";
  static constexpr std::chrono::hours kSessionLife{12};

  /// Opens a session and returns the value of its cookie: 256 random bits in hexadecimal.
  std::string open_session();
  /// Forgets the session of this Cookie header, if it is one.
  void close_session(std::string_view cookie);

 private:
  using Clock = std::chrono::steady_clock;
  std::optional<std::string> token_;
  std::map<steg::Digest, Clock::time_point> sessions_;  ///< by the SHA-256 of the cookie's value, until when
};

/// The address a request came from: `peer`, or if that is one of the proxies, the last address in X-Forwarded-For
/// that is not.
std::string client_address(const std::string& peer, std::optional<std::string_view> forwarded_for,
                           const std::vector<std::string>& proxies);

}  // namespace launcher
