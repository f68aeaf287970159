// SPDX-License-Identifier: LGPL-2.1-or-later
#include "viewers.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <utility>

#include "plugins/steg/sequences/pattern_name.hpp"

namespace steg_trace::tool {
namespace {

std::string blanks_cut(const std::string& line) {
  constexpr char kBlanks[] = " \t\r";
  const std::size_t first = line.find_first_not_of(kBlanks);
  return first == std::string::npos ? "" : line.substr(first, line.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

std::vector<std::string> read_names(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::string> names;
  for (std::string line; std::getline(file, line);) {
    std::string name = blanks_cut(line);
    if (!name.empty()) names.push_back(std::move(name));
  }
  if (!file.eof())
    throw std::runtime_error("The list of viewers " + path + " cannot be read. It is a file with a name in each line.");
  if (names.empty())
    throw std::runtime_error("The list of viewers " + path + " is empty. Give a file with a name in each line.");
  return names;
}

void ViewerGroups::add(const std::string& viewer, const std::string& pattern) {
  const std::optional<steg::PatternName> name = steg::parse_pattern_name(pattern);
  if (name) add({name->variants, name->bias == steg::Bias::uniform, {viewer}});
}

void ViewerGroups::add(Viewers viewers) {
  for (Viewers& group : groups_) {
    if (group.variants != viewers.variants || group.uniform != viewers.uniform) continue;
    for (std::string& name : viewers.names) group.names.push_back(std::move(name));
    return;
  }
  groups_.push_back(std::move(viewers));
}

std::vector<Viewers> ViewerGroups::take() {
  for (Viewers& group : groups_) {
    std::sort(group.names.begin(), group.names.end());
    group.names.erase(std::unique(group.names.begin(), group.names.end()), group.names.end());
  }
  return std::move(groups_);
}

}  // namespace steg_trace::tool
