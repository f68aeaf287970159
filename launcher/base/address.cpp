// SPDX-License-Identifier: LGPL-2.1-or-later
#include "address.hpp"

#include <arpa/inet.h>

#include <charconv>

#include "config_error.hpp"

namespace launcher {
namespace {

/// The host part of "host", "host:port" or "[v6]:port"; empty if malformed.
std::string_view host_of(std::string_view authority) {
  if (!authority.empty() && authority.front() == '[') {
    const std::size_t end = authority.find(']');
    return end == std::string_view::npos ? std::string_view() : authority.substr(1, end - 1);
  }
  return authority.substr(0, authority.find(':'));
}

bool is_ip(const std::string& host) {
  unsigned char bytes[16];
  return inet_pton(AF_INET, host.c_str(), bytes) == 1 || inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

}  // namespace

Address parse_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  const std::string_view host = host_of(text);
  const std::string_view port_text = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  unsigned port = 0;
  const auto [end, error] = std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
  if (host.empty() || port_text.empty() || error != std::errc() || end != port_text.data() + port_text.size() ||
      port > 65535) {
    throw ConfigError("'" + std::string(text) + "' is not an address: write ADDRESS:PORT, such as 127.0.0.1:5000");
  }
  const std::string ip = host == "localhost" ? "127.0.0.1" : std::string(host);
  if (!is_ip(ip)) {
    throw ConfigError("'" + std::string(text) + "' has no IP address: write one, such as 127.0.0.1:5000");
  }
  return {ip, static_cast<std::uint16_t>(port)};
}

bool is_loopback_host(std::string_view authority) {
  const std::string_view host = authority == "::1" ? authority : host_of(authority);
  return host == "127.0.0.1" || host == "localhost" || host == "::1";
}

bool is_same_origin(std::string_view host, std::optional<std::string_view> origin,
                    std::optional<std::string_view> fetch_site) {
  if (origin) {
    const std::size_t scheme_end = origin->find("://");
    if (scheme_end == std::string_view::npos || origin->substr(scheme_end + 3) != host) return false;
  }
  return !fetch_site || *fetch_site == "same-origin" || *fetch_site == "none";
}

bool is_same_referer(std::string_view host, std::string_view referer) {
  const std::size_t scheme_end = referer.find("://");
  if (scheme_end == std::string_view::npos) return false;
  const std::string_view rest = referer.substr(scheme_end + 3);
  return rest.substr(0, rest.find('/')) == host;
}

std::string without_credentials(std::string_view uri) {
  const std::size_t scheme_end = uri.find("://");
  if (scheme_end == std::string_view::npos) return std::string(uri);
  const std::size_t begin = scheme_end + 3;
  const std::string_view authority = uri.substr(begin, uri.find('/', begin) - begin);
  const std::size_t at = authority.rfind('@');
  if (at == std::string_view::npos) return std::string(uri);
  return std::string(uri.substr(0, begin)) + std::string(uri.substr(begin + at + 1));
}

}  // namespace launcher
