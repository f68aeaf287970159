// IP addresses and networks as text.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace launcher {

/// True for "192.0.2.1", "2001:db8::1" and the like.
bool is_ip(std::string_view text);

/// True for an IP address and for "10.0.0.0/8" and the like.
bool is_network(std::string_view text);

/// True if the address is one of the networks, each an IP address or "address/bits".
bool is_in_networks(std::string_view address, const std::vector<std::string>& networks);

}  // namespace launcher
