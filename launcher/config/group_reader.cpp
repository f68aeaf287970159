// SPDX-License-Identifier: LGPL-2.1-or-later
#include "group_reader.hpp"

#include <charconv>

#include "launcher/base/config_error.hpp"

namespace launcher {
namespace {

std::string shortest(double number) {
  std::string text = std::to_string(number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

void fail(const std::string& group, const std::string& key, const std::string& text) {
  throw ConfigError("[" + group + "] " + key + ": " + text);
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text.empty() ? "none" : text;
}

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> items;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(';', begin), text.size());
    const std::size_t first = text.find_first_not_of(" \t", begin);
    if (first < end) items.push_back(text.substr(first, text.find_last_not_of(" \t", end - 1) - first + 1));
    begin = end + 1;
  }
  return items;
}

void GroupReader::text(const std::string& key, std::string& target) {
  text(key, [&target](const std::string& value) { target = value; });
}

void GroupReader::list(const std::string& key, std::vector<std::string>& target) {
  text(key, [&target](const std::string& value) { target = split_list(value); });
}

void GroupReader::seconds(const std::string& key, Seconds& target, double minimum, double maximum) {
  text(key, [=, &target](const std::string& value) {
    double number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size() || !(number >= minimum && number <= maximum)) {
      fail(name_, key,
           "'" + value + "' is not a number of seconds from " + shortest(minimum) + " to " + shortest(maximum));
    }
    target = Seconds(number);
  });
}

void GroupReader::count(const std::string& key, std::size_t& target, std::size_t maximum, std::size_t minimum) {
  text(key, [=, &target](const std::string& value) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size() || number < minimum || number > maximum) {
      fail(name_, key,
           "'" + value + "' is not a whole number from " + std::to_string(minimum) + " to " + std::to_string(maximum));
    }
    target = number;
  });
}

void GroupReader::choice(const std::string& key, const std::string& no, const std::string& yes,
                         const std::function<void(bool)>& read) {
  text(key, [=](const std::string& value) {
    if (value != no && value != yes) fail(name_, key, "'" + value + "' is neither '" + no + "' nor '" + yes + "'");
    read(value == yes);
  });
}

void GroupReader::property(const std::string& key, const std::function<void(PropertyName)>& read) {
  text(key, [=](const std::string& value) {
    for (const std::string& item : split_list(value)) {
      auto name = parse_property_name(item);
      if (!name) fail(name_, key, "'" + item + "' is not of the form element.property");
      read(*name);
    }
  });
}

void GroupReader::read() const {
  const auto group = groups_.find(name_);
  if (group == groups_.end()) return;
  for (const auto& [key, value] : group->second) {
    const auto reader = readers_.find(key);
    if (reader == readers_.end()) {
      std::vector<std::string> known;
      for (const auto& entry : readers_) known.push_back(entry.first);
      fail(name_, key, "there is no such key; this group has: " + joined(known));
    }
    reader->second(value);
  }
}

}  // namespace launcher
