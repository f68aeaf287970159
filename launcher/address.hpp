// The address that the control interface listens on, and who may talk to it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace launcher {

struct Address {
  std::string host;        ///< "127.0.0.1" or "::1"
  std::uint16_t port = 0;  ///< 0: any free port
};

/// Reads ADDR:PORT, with ADDR = 127.0.0.1, localhost or [::1] (loopback only: the interface asks for no password).
/// Throws ConfigError for any other.
Address parse_address(std::string_view text);

/// Guards the interface against web pages. A browser lets any page send requests to a loopback port, so a request is
/// allowed only if its Host is a loopback name (else a foreign DNS name was pointed here) and its Origin, where the
/// browser sends one, is a page that was itself served from this host. Sec-Fetch-Site covers plain GETs.
bool is_local_request(std::string_view host, std::optional<std::string_view> origin,
                      std::optional<std::string_view> fetch_site);

/// The URI without "user:password@".
std::string without_credentials(std::string_view uri);

}  // namespace launcher
