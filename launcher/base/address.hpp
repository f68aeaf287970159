// Addresses to listen on, and hosts and origins in requests.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace launcher {

struct Address {
  std::string host;        ///< an IP address
  std::uint16_t port = 0;  ///< 0: any free port
};

/// Reads ADDR:PORT; ADDR is an IP address ([...] around IPv6) or localhost. Throws ConfigError for anything else.
Address parse_address(std::string_view text);

/// True for "127.0.0.1", "localhost" and "::1", also with a port ("[::1]:80"). A request to a loopback port with
/// another Host came through a foreign DNS name that points there.
bool is_loopback_host(std::string_view authority);

/// Guards against web pages: a browser lets any page send requests to any server, so a request counts only if its
/// Origin, where the browser sends one, is a page that was itself served from `host`. Sec-Fetch-Site covers plain GETs.
bool is_same_origin(std::string_view host, std::optional<std::string_view> origin,
                    std::optional<std::string_view> fetch_site);

/// Whether the page of a Referer header was itself served from `host`.
bool is_same_referer(std::string_view host, std::string_view referer);

/// The URI without "user:password@".
std::string without_credentials(std::string_view uri);

}  // namespace launcher
