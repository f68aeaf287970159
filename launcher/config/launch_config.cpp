// SPDX-License-Identifier: LGPL-2.1-or-later
#include "launch_config.hpp"

#include <algorithm>
#include <cstdint>
#include <set>

#include "launcher/base/config_error.hpp"
#include "launcher/base/network.hpp"

namespace launcher {
namespace {

constexpr const char* kStreamPrefix = "stream ";
constexpr const char* kRecipientPrefix = "recipient ";
constexpr const char* kRecipientVariable = "recipient";
constexpr std::size_t kMostConnections = 30000;

std::vector<std::string> names_after(const char* prefix, const Groups& groups) {
  std::vector<std::string> names;
  for (const auto& group : groups) {
    if (group.first.rfind(prefix, 0) != 0) continue;
    const std::string name = group.first.substr(std::string_view(prefix).size());
    if (!is_variable_name(name)) {
      throw ConfigError("[" + group.first + "]: a name may have letters, digits, '-' and '_'");
    }
    names.push_back(name);
  }
  return names;
}

void check_groups(const Groups& groups) {
  const std::vector<std::string> known{"pipeline", "variables", "control", "playback", "rtsp",
                                       "edge",     "restart",   "rate",    "tracks"};
  for (const auto& group : groups) {
    const std::string& name = group.first;
    if (name.rfind(kStreamPrefix, 0) == 0 || name.rfind(kRecipientPrefix, 0) == 0 ||
        std::find(known.begin(), known.end(), name) != known.end())
      continue;
    throw ConfigError("[" + name + "]: there is no such group; there are: " + joined(known) +
                      ", stream NAME, recipient NAME, encoder NAME");
  }
}

/// The texts of a file that may contain variables.
struct Texts {
  std::string description;
  std::string fragment;  ///< of each recipient
  std::string hls;
  std::map<std::string, std::string> restart;  ///< the group
  std::map<std::string, std::string> edge;     ///< the group
};

std::set<std::string> variables_in(const Texts& texts, const PlaybackSettings& playback) {
  std::set<std::string> used;
  for (const std::string* text : {&texts.description, &texts.fragment, &texts.hls, &playback.output}) {
    used.merge(used_variables(*text));
  }
  for (const auto* group : {&texts.restart, &texts.edge})
    for (const auto& entry : *group) used.merge(used_variables(entry.second));
  return used;
}

/// The defaults in [variables]. Something must use each of them.
Variables read_defaults(const Groups& groups, const std::set<std::string>& used) {
  const auto group = groups.find("variables");
  if (group == groups.end()) return {};
  for (const auto& entry : group->second) {
    const std::string& name = entry.first;
    if (!is_variable_name(name)) fail("variables", name, "a name may have letters, digits, '-' and '_'");
    if (used.count(name) == 0)
      fail("variables", name, "the description does not use ${" + name + "}: remove it here or use it");
    if (name == kRecipientVariable)
      fail("variables", name, "this name is reserved for the recipient's own name: choose another");
  }
  return group->second;
}

std::string names_of(const Variables& variables) {
  std::vector<std::string> names;
  for (const auto& entry : variables) names.push_back(entry.first);
  return joined(names);
}

/// Throws for an override that fits nothing in the file.
void check_overrides(const Variables& overrides, const Variables& defaults, const std::vector<std::string>& owners) {
  for (const auto& entry : overrides) {
    const std::string& name = entry.first;
    const std::size_t dot = name.find('.');
    const std::string variable = dot == std::string::npos ? name : name.substr(dot + 1);
    if (dot != std::string::npos && std::find(owners.begin(), owners.end(), name.substr(0, dot)) == owners.end()) {
      throw ConfigError("--set " + name + ": the pipeline file has no stream '" + name.substr(0, dot) +
                        "' and no such recipient; it has: " + joined(owners));
    }
    if (defaults.count(variable) == 0) {
      throw ConfigError("--set " + name + ": the pipeline file has no such variable; it has: " + names_of(defaults));
    }
  }
}

/// The values for one stream or recipient: `values` has what holds for all.
Variables values_of(const char* group_prefix, const std::string& owner, Variables values, const Groups& groups,
                    const Variables& overrides) {
  const std::string group_name = group_prefix + owner;
  if (const auto group = groups.find(group_name); group != groups.end()) {
    for (const auto& [name, value] : group->second) {
      if (values.count(name) == 0) {
        fail(group_name, name, "[variables] has no such variable; it has: " + names_of(values));
      }
      values[name] = value;
    }
  }
  const std::string prefix = owner + ".";
  for (const auto& [name, value] : overrides) {
    if (name.rfind(prefix, 0) == 0) values[name.substr(prefix.size())] = value;
  }
  return values;
}

void read_address(GroupReader& reader, const std::string& group, std::optional<Address>& target) {
  reader.text("listen", [group, &target](const std::string& value) {
    try {
      target = parse_address(value);
    } catch (const ConfigError& error) {
      fail(group, "listen", error.what());
    }
  });
}

void read_control(const Groups& groups, ServerSettings& server, ControlSettings& control) {
  GroupReader reader("control", groups);
  if (reader.present()) server.listen = Address{"127.0.0.1", 5000};
  read_address(reader, "control", server.listen);
  reader.text("token-file", server.token_file);
  reader.text("tls-certificate", server.tls_certificate);
  reader.text("tls-key", server.tls_key);
  reader.list("proxies", server.proxies);
  reader.count("max-connections", server.connections.most, kMostConnections);
  reader.count("max-connections-per-address", server.connections.most_per_address, kMostConnections);
  reader.property("id", [&](PropertyName name) {
    if (control.id) fail("control", "id", "one element.property only");
    control.id = std::move(name);
  });
  reader.property("client-ip", [&](PropertyName name) {
    if (control.client_ip) fail("control", "client-ip", "one element.property only");
    control.client_ip = std::move(name);
  });
  reader.choice("client-ip-from", "custom", "publisher", [&](bool yes) { control.client_ip_of_publisher = yes; });
  reader.property("properties", [&](PropertyName name) { control.properties.push_back(std::move(name)); });
  reader.read();
  for (const std::string& proxy : server.proxies) {
    if (!is_network(proxy))
      fail("control", "proxies", "'" + proxy + "' is neither an address nor a network such as 10.0.0.0/8");
  }
}

void read_rtsp(const Groups& groups, ServerSettings& server, const PlaybackSettings& playback) {
  GroupReader reader("rtsp", groups);
  if (reader.present()) server.rtsp = Address{"127.0.0.1", 8554};
  read_address(reader, "rtsp", server.rtsp);
  reader.read();
  if (server.rtsp && playback.flv.empty()) {
    throw ConfigError("[rtsp]: RTSP serves the stream that flv=ELEMENT in [playback] names: add it");
  }
}

/// A group of that name alone, with its variables put in.
Groups expanded(const std::string& name, const std::map<std::string, std::string>& group, const Variables& values) {
  Groups groups;
  for (const auto& [key, value] : group) groups[name][key] = expand(value, values);
  return groups;
}

RestartSettings read_restart(const std::map<std::string, std::string>& group, const Variables& values) {
  const Groups groups = expanded("restart", group, values);
  RestartSettings settings;
  GroupReader reader("restart", groups);
  const auto end = [](OnEnd& target) { return [&target](bool yes) { target = yes ? OnEnd::exit : OnEnd::restart; }; };
  reader.choice("on-eos", "restart", "exit", end(settings.on_eos));
  reader.choice("on-error", "restart", "exit", end(settings.on_error));
  reader.seconds("initial-delay", settings.initial_delay, 0.01);
  reader.seconds("max-delay", settings.max_delay, 0.01);
  reader.seconds("stable-after", settings.stable_after, 0);
  reader.seconds("give-up-after", settings.give_up_after, 0);
  reader.seconds("stall-timeout", settings.stall_timeout, 0);
  reader.seconds("idle-timeout", settings.idle_timeout, 0);
  reader.seconds("stop-timeout", settings.stop_timeout, 0, 3600);
  reader.read();
  if (settings.max_delay < settings.initial_delay) {
    fail("restart", "max-delay", "is less than initial-delay: make it at least as long");
  }
  return settings;
}

std::optional<EdgeSettings> read_edge(const std::map<std::string, std::string>& group, const Variables& values) {
  if (group.empty()) return std::nullopt;
  const Groups groups = expanded("edge", group, values);
  EdgeSettings settings;
  GroupReader reader("edge", groups);
  reader.text("media", settings.media);
  reader.text("key-file", settings.key_file);
  reader.text("token-key-file", settings.token_key_file);
  reader.text("playlist", settings.playlist);
  reader.text("database", settings.database);
  reader.text("stream", settings.stream);
  reader.count("variants", settings.variants, 4, 2);
  reader.choice("bias", "arcsine", "uniform", [&](bool yes) { settings.uniform = yes; });
  reader.count("first-position", settings.first_position, UINT32_MAX, 0);
  reader.read();
  if (settings.media.empty()) fail("edge", "media", "missing; write the folder that has the variants' folders a and b");
  if (settings.key_file.empty()) fail("edge", "key-file", "missing; anybody could make tokens without a secret key");
  if (settings.playlist.empty() || settings.playlist.find('/') != std::string::npos)
    fail("edge", "playlist", "must be the name of a file in each variant's folder");
  return settings;
}

void read_rate(const Groups& groups, RateSettings& rate) {
  GroupReader reader("rate", groups);
  reader.text("encoder", rate.encoder);
  reader.seconds("key-interval", rate.key_interval, 0.1, 3600);
  reader.choice("follow-level", "false", "true", [&](bool yes) { rate.follow_level = yes; });
  reader.seconds("repeat-after", rate.repeat_after, 0, 3600);
  reader.read();
  if (reader.present() && rate.encoder.empty()) {
    fail("rate", "encoder", "missing; write the name that the encoder has in the description");
  }
}

void read_tracks(const Groups& groups, TrackSettings& tracks) {
  GroupReader reader("tracks", groups);
  const std::map<std::string, std::string*> keys{
      {"from", &tracks.from}, {"picture", &tracks.picture}, {"crop", &tracks.crop}, {"to", &tracks.to}};
  for (const auto& [key, target] : keys) reader.text(key, *target);
  reader.read();
  if (!reader.present()) return;
  for (const auto& [key, target] : keys) {
    if (target->empty()) fail("tracks", key, "missing; write the name that the element has in the description");
  }
}

void read_playback(const Groups& groups, const std::vector<std::string>& recipients, PlaybackSettings& playback,
                   std::string& hls) {
  GroupReader reader("playback", groups);
  reader.text("flv", playback.flv);
  reader.text("hls", hls);
  reader.text("output", playback.output);
  reader.choice("hold-output", "false", "true", [&](bool yes) { playback.hold_output = yes; });
  reader.read();
  if (playback.flv.empty() && (playback.hold_output || !playback.output.empty())) {
    fail("playback", playback.hold_output ? "hold-output" : "output", "needs flv=ELEMENT, whose FLV is sent");
  }
  if (!recipients.empty() && !playback.output.empty()) {
    fail("playback", "output", "in a fan-out the part of each recipient sends their copy: end it with an rtmp2sink");
  }
}

/// What the streams have in common. Texts still contain their variables.
StreamConfig read_common(const Groups& groups, ServerSettings& server, Texts& texts) {
  StreamConfig config;
  config.recipients = names_after(kRecipientPrefix, groups);
  GroupReader pipeline("pipeline", groups);
  pipeline.text("description", texts.description);
  pipeline.text("recipient", texts.fragment);
  pipeline.list("optional", config.optional);
  pipeline.seconds("optional-wait", config.optional_wait, 0.1, 60);
  pipeline.choice("live-segments", "false", "true", [&](bool yes) { config.live_segments = yes; });
  pipeline.read();
  if (texts.description.find_first_not_of(" \t") == std::string::npos) {
    throw ConfigError("[pipeline] description: missing; write the pipeline there in gst-launch-1.0 syntax");
  }
  if (texts.fragment.empty() != config.recipients.empty()) {
    fail("pipeline", "recipient", "a fan-out needs both this, the part of each recipient, and [recipient NAME] groups");
  }
  read_control(groups, server, config.control);
  read_playback(groups, config.recipients, config.playback, texts.hls);
  read_rtsp(groups, server, config.playback);
  if (const auto restart = groups.find("restart"); restart != groups.end()) texts.restart = restart->second;
  if (const auto edge = groups.find("edge"); edge != groups.end()) texts.edge = edge->second;
  read_rate(groups, config.rate);
  read_tracks(groups, config.tracks);
  return config;
}

/// Whether the recipients of a fan-out have one branch of that name together.
bool is_shared(const std::string& branch, const Texts& texts) {
  const std::string name = "name=" + branch;
  const std::size_t begin = texts.description.find(name);
  if (begin == std::string::npos) return false;
  const std::size_t end = begin + name.size();
  return end == texts.description.size() || texts.description[end] == ' ';
}

template <class Call>
auto in_description(Call call) {
  try {
    return call();
  } catch (const ConfigError& error) {
    const std::string text = error.what();
    if (text.rfind('[', 0) == 0 || text.rfind("--set", 0) == 0) throw;
    throw ConfigError("[pipeline] description: " + text);
  }
}

}  // namespace

LaunchConfig read_config(const Groups& groups, const Variables& overrides, const std::string& name) {
  check_groups(groups);
  LaunchConfig config;
  Texts texts;
  const StreamConfig common = read_common(groups, config.server, texts);
  Variables defaults = in_description([&] { return read_defaults(groups, variables_in(texts, common.playback)); });
  std::vector<std::string> streams = names_after(kStreamPrefix, groups);
  std::vector<std::string> owners = streams;
  owners.insert(owners.end(), common.recipients.begin(), common.recipients.end());
  check_overrides(overrides, defaults, owners);
  for (auto& [variable, value] : defaults) {
    if (const auto override = overrides.find(variable); override != overrides.end()) value = override->second;
  }
  if (streams.empty()) streams.push_back(name);
  config.server.edge = read_edge(texts.edge, defaults);
  for (const std::string& stream : streams) {
    StreamConfig one = common;
    one.name = stream;
    const Variables values = values_of(kStreamPrefix, stream, defaults, groups, overrides);
    one.restart = read_restart(texts.restart, values);
    one.playback.output = expand(common.playback.output, values);
    one.description = in_description([&] { return substitute(texts.description, values); });
    if (one.recipients.empty()) one.playback.hls[""] = expand(texts.hls, values);
    one.optional.clear();
    for (const std::string& branch : common.optional) {
      const bool once = one.recipients.empty() || is_shared(branch, texts);
      for (const std::string& recipient : once ? std::vector<std::string>{""} : one.recipients)
        one.optional.push_back(for_recipient(branch, recipient));
    }
    for (const std::string& recipient : one.recipients) {
      Variables own = values_of(kRecipientPrefix, recipient, values, groups, overrides);
      own[kRecipientVariable] = recipient;
      one.description += " " + in_description([&] { return substitute(texts.fragment, own); });
      one.playback.hls[recipient] = expand(texts.hls, own);
    }
    config.streams.push_back(std::move(one));
  }
  return config;
}

void check_server(const ServerSettings& server) {
  if (server.tls_certificate.empty() != server.tls_key.empty()) {
    throw ConfigError("[control]: TLS needs both tls-certificate and tls-key");
  }
  for (const auto& address : {server.listen, server.rtsp}) {
    if (!address || is_loopback_host(address->host) || !server.token_file.empty()) continue;
    throw ConfigError("'" + address->host +
                      "' is not a loopback address, so anybody could change the ID: set token-file in [control], or "
                      "--token-file, or listen on 127.0.0.1");
  }
}

}  // namespace launcher
