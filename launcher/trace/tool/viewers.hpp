// Who is scored by the segments of an A/B stream.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "launcher/trace/library/steg-trace.hpp"

namespace steg_trace::tool {

/// One name a line; blanks at its ends and empty lines do not count. Throws std::runtime_error.
std::vector<std::string> read_names(const std::string& path);

/// Sorts names by how their patterns were made; `pattern` is its name, see steg::parse_pattern_name(). What has no such
/// name is left out.
class ViewerGroups {
 public:
  void add(const std::string& viewer, const std::string& pattern);
  void add(Viewers viewers);
  /// Each name once in a group.
  std::vector<Viewers> take();

 private:
  std::vector<Viewers> groups_;
};

}  // namespace steg_trace::tool
