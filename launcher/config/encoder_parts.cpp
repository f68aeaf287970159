// SPDX-License-Identifier: LGPL-2.1-or-later
#include "encoder_parts.hpp"

#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "launcher/base/config_error.hpp"

namespace launcher {
namespace {

constexpr std::string_view kPrefix = "encoder ";
constexpr std::string_view kPlace = "${encoder}";
constexpr const char* kVariable = "encoder";
constexpr const char* kTexts[] = {"description", "recipient"};

struct Part {
  std::string text;
  std::string needs;  ///< where its element comes from, for people; may be empty
};
using Parts = std::map<std::string, Part>;

/// Takes the groups out.
Parts take_parts(Groups& groups) {
  Parts parts;
  for (auto group = groups.begin(); group != groups.end();) {
    if (group->first.rfind(kPrefix, 0) != 0) {
      ++group;
      continue;
    }
    Part& part = parts[group->first.substr(kPrefix.size())];
    GroupReader reader(group->first, groups);
    reader.text("part", part.text);
    reader.text("needs", part.needs);
    reader.read();
    if (part.text.empty()) fail(group->first, "part", "missing; write what stands for ${encoder} in the description");
    group = groups.erase(group);
  }
  return parts;
}

std::string names_of(const Parts& parts, const HasElement& has_element) {
  std::vector<std::string> names;
  for (const auto& [name, part] : parts)
    if (has_element(name)) names.push_back(name);
  return joined(names);
}

const Part& choose(const Parts& parts, const std::string& wanted, const HasElement& has_element) {
  std::string missing;
  for (const std::string& name : split_list(wanted)) {
    const auto part = parts.find(name);
    if (part == parts.end()) {
      missing = "there is no group [encoder " + name + "]";
      break;
    }
    if (has_element(name)) return part->second;
    missing += (missing.empty() ? "" : "; ") + std::string("there is no element ") + name + " here";
    if (!part->second.needs.empty()) missing += ": it needs " + part->second.needs;
  }
  if (missing.empty()) missing = "empty";
  fail("variables", kVariable, missing + ". Here are: " + names_of(parts, has_element));
}

/// $${encoder} is a literal.
std::size_t place_in(const std::string& text, std::size_t from) {
  std::size_t at = text.find(kPlace, from);
  while (at != std::string::npos && at > 0 && text[at - 1] == '$') at = text.find(kPlace, at + 1);
  return at;
}

/// By the groups whose values may have variables.
std::set<std::string> used_in(const Groups& groups) {
  std::set<std::string> used;
  for (const char* name : {"pipeline", "playback", "restart", "edge"}) {
    const auto group = groups.find(name);
    if (group == groups.end()) continue;
    for (const auto& entry : group->second) used.merge(used_variables(entry.second));
  }
  return used;
}

void forget(const std::string& variable, Groups& groups, Variables& overrides) {
  for (auto& [name, group] : groups)
    if (name == "variables" || name.rfind("stream ", 0) == 0 || name.rfind("recipient ", 0) == 0) group.erase(variable);
  for (auto override = overrides.begin(); override != overrides.end();) {
    const std::string& name = override->first;
    override = name.substr(name.find('.') + 1) == variable ? overrides.erase(override) : std::next(override);
  }
}

}  // namespace

void put_in_encoder(Groups& groups, Variables& overrides, const HasElement& has_element) {
  const Parts parts = take_parts(groups);
  if (parts.empty()) return;
  auto& pipeline = groups["pipeline"];
  std::string wanted = groups["variables"][kVariable];
  groups["variables"].erase(kVariable);
  bool has_place = false;
  for (const char* key : kTexts) has_place = has_place || place_in(pipeline[key], 0) != std::string::npos;
  if (has_place) {
    if (const auto set = overrides.find(kVariable); set != overrides.end()) {
      wanted = set->second;
      overrides.erase(set);
    }
    const std::string& part = choose(parts, wanted, has_element).text;
    for (const char* key : kTexts) {
      std::string& text = pipeline[key];
      for (std::size_t at = place_in(text, 0); at != std::string::npos; at = place_in(text, at + part.size()))
        text.replace(at, kPlace.size(), part);
    }
    const std::set<std::string> used = used_in(groups);
    for (const auto& [name, other] : parts)
      for (const std::string& variable : used_variables(other.text))
        if (used.count(variable) == 0) forget(variable, groups, overrides);
  }
  for (const char* key : kTexts)
    if (pipeline[key].empty()) pipeline.erase(key);
}

}  // namespace launcher
