// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace launcher {
namespace {

/// An IP address as bytes, IPv4 as ::ffff:a.b.c.d, so that both kinds compare.
using Ip = std::array<unsigned char, 16>;

std::optional<Ip> parse_ip(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string terminated(text);
  Ip ip{};
  if (inet_pton(AF_INET6, terminated.c_str(), ip.data()) == 1) return ip;
  ip = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (inet_pton(AF_INET, terminated.c_str(), ip.data() + 12) == 1) return ip;
  return std::nullopt;
}

struct Network {
  Ip address;
  int bits;
};

std::optional<Network> parse_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view host = text.substr(0, slash);
  const auto ip = parse_ip(host);
  if (!ip) return std::nullopt;
  const int offset = host.find(':') == std::string_view::npos ? 96 : 0;
  int bits = 128 - offset;
  if (slash != std::string_view::npos) {
    const std::string_view number = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), bits);
    if (error != std::errc() || end != number.data() + number.size() || bits < 0 || bits > 128 - offset) {
      return std::nullopt;
    }
  }
  return Network{*ip, bits + offset};
}

bool contains(const Network& network, const Ip& ip) {
  for (int bit = 0; bit < network.bits; ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    const int shift = 7 - bit % 8;
    if (((network.address[byte] ^ ip[byte]) >> shift & 1) != 0) return false;
  }
  return true;
}

}  // namespace

bool is_ip(std::string_view text) { return parse_ip(text).has_value(); }

bool is_network(std::string_view text) { return parse_network(text).has_value(); }

bool is_in_networks(std::string_view address, const std::vector<std::string>& networks) {
  const auto ip = parse_ip(address);
  return ip && std::any_of(networks.begin(), networks.end(), [&](const std::string& text) {
           const auto network = parse_network(text);
           return network && contains(*network, *ip);
         });
}

}  // namespace launcher
