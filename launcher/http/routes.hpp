// Which call goes where: methods and paths, without a server.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace launcher {

/// Who may use a route.
enum class Access {
  open,   ///< everybody: nothing to know and nothing to do there
  token,  ///< who has the token, if the server has one
  hook    ///< the same, and the token may stand in the query, because nginx-rtmp can send no headers
};

struct RouteKey {
  std::string method;   ///< upper case
  std::string pattern;  ///< a path whose segments may be {name}, which stands for any one segment that is not empty
};

/// The segments that stand for {name}, in order; nothing if the path does not fit.
std::optional<std::vector<std::string>> match_path(std::string_view pattern, std::string_view path);

/// What became of a request.
struct RouteMatch {
  std::optional<std::size_t> route;   ///< index into the table
  std::vector<std::string> captures;  ///< of that route
  std::string allowed;                ///< no route, but there would be one for these methods: "GET, PUT"; else empty
};

/// HEAD is not served. The first route that fits wins.
RouteMatch find_route(const std::vector<RouteKey>& table, std::string_view method, std::string_view path);

}  // namespace launcher
