// One group of a pipeline file, of which each known key is handed to its reader.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "launcher/base/seconds.hpp"
#include "property_name.hpp"

namespace launcher {

/// group -> key -> value, as read from the file.
using Groups = std::map<std::string, std::map<std::string, std::string>>;

/// Throws ConfigError "[group] key: text".
[[noreturn]] void fail(const std::string& group, const std::string& key, const std::string& text);

/// "a, b, c", or "none".
std::string joined(const std::vector<std::string>& words);

/// The items of "a; b;c".
std::vector<std::string> split_list(const std::string& text);

class GroupReader {
 public:
  using Reader = std::function<void(const std::string& value)>;

  GroupReader(std::string name, const Groups& groups) : name_(std::move(name)), groups_(groups) {}

  bool present() const { return groups_.count(name_) != 0; }

  void text(const std::string& key, Reader read) { readers_[key] = std::move(read); }
  void text(const std::string& key, std::string& target);
  void list(const std::string& key, std::vector<std::string>& target);
  void seconds(const std::string& key, Seconds& target, double minimum, double maximum = 86400);
  /// A whole number.
  void count(const std::string& key, std::size_t& target, std::size_t maximum, std::size_t minimum = 1);
  /// One of two words.
  void choice(const std::string& key, const std::string& no, const std::string& yes,
              const std::function<void(bool)>& read);
  void property(const std::string& key, const std::function<void(PropertyName)>& read);

  /// Hands each key of the group to its reader. Throws ConfigError for a key that has none.
  void read() const;

 private:
  std::string name_;
  const Groups& groups_;
  std::map<std::string, Reader> readers_;
};

}  // namespace launcher
