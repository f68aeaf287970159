// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pipeline_config.hpp"

#include <charconv>
#include <cmath>
#include <functional>

namespace launcher {
namespace {

[[noreturn]] void fail(const std::string& group, const std::string& key, const std::string& text) {
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

/// One group, of which each known key is handed to its reader.
class GroupReader {
 public:
  using Reader = std::function<void(const std::string& value)>;

  GroupReader(std::string name, const Groups& groups) : name_(std::move(name)), groups_(groups) {}

  bool present() const { return groups_.count(name_) != 0; }

  void text(const std::string& key, Reader read) { readers_[key] = std::move(read); }

  void seconds(const std::string& key, Seconds& target, double minimum, double maximum = 86400) {
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

  void restart_or_exit(const std::string& key, OnEnd& target) {
    text(key, [=, &target](const std::string& value) {
      if (value != "restart" && value != "exit") fail(name_, key, "'" + value + "' is neither 'restart' nor 'exit'");
      target = value == "restart" ? OnEnd::kRestart : OnEnd::kExit;
    });
  }

  void property(const std::string& key, const std::function<void(PropertyName)>& read) {
    text(key, [=](const std::string& value) {
      for (const std::string& item : split_list(value)) {
        auto name = parse_property_name(item);
        if (!name) fail(name_, key, "'" + item + "' is not of the form element.property");
        read(*name);
      }
    });
  }

  void read() const {
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

 private:
  static std::string shortest(double number) {
    std::string text = std::to_string(number);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
  }

  std::string name_;
  const Groups& groups_;
  std::map<std::string, Reader> readers_;
};

Variables read_variables(const Groups& groups, const Variables& overrides, const std::string& description) {
  Variables values;
  std::vector<std::string> names;
  if (const auto group = groups.find("variables"); group != groups.end()) {
    for (const auto& [name, value] : group->second) {
      if (!is_variable_name(name)) fail("variables", name, "a name may have letters, digits, '-' and '_'");
      values[name] = value;
      names.push_back(name);
    }
  }
  const auto used = used_variables(description);
  for (const std::string& name : names) {
    if (used.count(name) == 0)
      fail("variables", name, "the description does not use ${" + name + "}: remove it here or use it");
  }
  for (const auto& [name, value] : overrides) {
    if (values.count(name) == 0) {
      throw ConfigError("--set " + name + ": the pipeline file has no such variable; it has: " + joined(names));
    }
    values[name] = value;
  }
  return values;
}

}  // namespace

std::optional<PropertyName> parse_property_name(std::string_view text) {
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size()) return std::nullopt;
  return PropertyName{std::string(text.substr(0, dot)), std::string(text.substr(dot + 1))};
}

PipelineConfig read_config(const Groups& groups, const Variables& overrides) {
  PipelineConfig config;
  for (const auto& group : groups) {
    const std::string& name = group.first;
    if (name == "rtsp") throw ConfigError("[rtsp]: this version does not serve RTSP yet: remove the group");
    if (name != "pipeline" && name != "variables" && name != "control" && name != "restart" && name != "rate") {
      throw ConfigError("[" + name +
                        "]: there is no such group; known are: pipeline, variables, control, restart, rate");
    }
  }

  std::string description;
  GroupReader pipeline("pipeline", groups);
  pipeline.text("description", [&](const std::string& value) { description = value; });
  pipeline.text("optional", [&](const std::string& value) { config.optional = split_list(value); });
  pipeline.seconds("optional-wait", config.optional_wait, 0.1, 60);
  pipeline.read();
  if (description.find_first_not_of(" \t") == std::string::npos) {
    throw ConfigError("[pipeline] description: missing; write the pipeline there in gst-launch-1.0 syntax");
  }
  try {
    config.description = substitute(description, read_variables(groups, overrides, description));
  } catch (const ConfigError& error) {
    const std::string text = error.what();
    if (text.rfind('[', 0) == 0 || text.rfind("--set", 0) == 0) throw;
    throw ConfigError("[pipeline] description: " + text);
  }

  GroupReader control("control", groups);
  if (control.present()) config.control.listen = Address{"127.0.0.1", 5000};
  control.text("listen", [&](const std::string& value) {
    try {
      config.control.listen = parse_address(value);
    } catch (const ConfigError& error) {
      fail("control", "listen", error.what());
    }
  });
  control.property("id", [&](PropertyName name) {
    if (config.control.id) fail("control", "id", "one element.property only");
    config.control.id = std::move(name);
  });
  control.property("properties", [&](PropertyName name) { config.control.properties.push_back(std::move(name)); });
  control.read();

  RestartSettings& settings = config.restart;
  GroupReader restart("restart", groups);
  restart.restart_or_exit("on-eos", settings.on_eos);
  restart.restart_or_exit("on-error", settings.on_error);
  restart.seconds("initial-delay", settings.initial_delay, 0.01);
  restart.seconds("max-delay", settings.max_delay, 0.01);
  restart.seconds("stable-after", settings.stable_after, 0);
  restart.seconds("give-up-after", settings.give_up_after, 0);
  restart.seconds("stall-timeout", settings.stall_timeout, 0);
  restart.seconds("stop-timeout", settings.stop_timeout, 0, 3600);
  restart.read();
  if (settings.max_delay < settings.initial_delay) {
    fail("restart", "max-delay", "is less than initial-delay: make it at least as long");
  }

  GroupReader rate("rate", groups);
  rate.text("encoder", [&](const std::string& value) { config.rate.encoder = value; });
  rate.seconds("key-interval", config.rate.key_interval, 0.1, 3600);
  rate.read();
  if (rate.present() && config.rate.encoder.empty()) {
    fail("rate", "encoder", "missing; write the name that the encoder has in the description");
  }
  return config;
}

}  // namespace launcher
