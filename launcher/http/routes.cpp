// SPDX-License-Identifier: LGPL-2.1-or-later
#include "routes.hpp"

namespace launcher {
namespace {

/// Takes the first segment off a path; the path keeps its leading '/' or is empty.
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

bool is_placeholder(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

}  // namespace

std::optional<std::vector<std::string>> match_path(std::string_view pattern, std::string_view path) {
  std::vector<std::string> captures;
  while (!pattern.empty() && !path.empty()) {
    if (pattern.front() != '/' || path.front() != '/') return std::nullopt;
    const std::string_view wanted = take_segment(pattern);
    const std::string_view segment = take_segment(path);
    if (is_placeholder(wanted) && !segment.empty()) {
      captures.emplace_back(segment);
    } else if (segment != wanted) {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return captures;
}

RouteMatch find_route(const std::vector<RouteKey>& table, std::string_view method, std::string_view path) {
  RouteMatch result;
  for (std::size_t i = 0; i < table.size(); ++i) {
    auto captures = match_path(table[i].pattern, path);
    if (!captures) continue;
    if (table[i].method == method) {
      result.route = i;
      result.captures = std::move(*captures);
      result.allowed.clear();
      return result;
    }
    result.allowed += (result.allowed.empty() ? "" : ", ") + table[i].method;
  }
  return result;
}

}  // namespace launcher
