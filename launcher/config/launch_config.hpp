// What a pipeline file says, checked.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "connection_limits.hpp"
#include "description.hpp"
#include "edge_settings.hpp"
#include "group_reader.hpp"
#include "launcher/base/address.hpp"
#include "launcher/base/seconds.hpp"
#include "launcher/retry/restart_policy.hpp"
#include "property_name.hpp"

namespace launcher {

/// What the process serves, for all its streams.
struct ServerSettings {
  std::optional<Address> listen;  ///< nothing: no HTTP
  std::string token_file;         ///< empty: no token
  std::string tls_certificate;    ///< PEM files; both or none
  std::string tls_key;
  std::optional<Address> rtsp;       ///< nothing: no RTSP
  std::vector<std::string> proxies;  ///< addresses and networks whose X-Forwarded-For is believed
  ConnectionLimits connections;
  std::optional<EdgeSettings> edge;  ///< nothing: no tokens and no segments

  bool has_tls() const { return !tls_certificate.empty(); }
};

struct ControlSettings {
  std::optional<PropertyName> id;         ///< what POST /custom sets
  std::vector<PropertyName> properties;   ///< what PUT /elements/… may set
  std::optional<PropertyName> client_ip;  ///< receives the address that an ID goes to
  bool client_ip_of_publisher = false;    ///< the address is that of nginx-rtmp's call-back, not of POST /custom
};

struct PlaybackSettings {
  std::string flv;  ///< name of the element whose output is FLV, for /live.flv; empty: none
  /// Addresses of playlists that another server makes, for the page, by recipient ("" without a fan-out); empty: none.
  std::map<std::string, std::string> hls;
  std::string output;        ///< rtmp address that the launcher itself sends the FLV to; empty: none
  bool hold_output = false;  ///< while the source is away, the last key frame is sent again
};

struct RateSettings {
  std::string encoder;  ///< name of the encoder whose key frames and bit rate follow the frame rate; empty: none
  Seconds key_interval{2};
  bool follow_level = false;  ///< tell an H.264 encoder the measured rate where its level depends on it
  Seconds repeat_after{0.5};  ///< so long the picture may pause while sound goes on; 0: for ever
};

/// Elements of the description, by name; all of them empty or none.
struct TrackSettings {
  std::string from;     ///< the demuxer
  std::string picture;  ///< first element of the picture's branch
  std::string crop;     ///< videocrop in that branch
  std::string to;       ///< the muxer, which gets sound and text
};

/// A stream as the file configures it.
struct StreamConfig {
  std::string name;
  std::string description;              ///< with the variables put in
  std::vector<std::string> recipients;  ///< of a fan-out: who gets a copy with an ID of their own; else empty
  /// Names of elements that begin branches which may stay without input; in a fan-out also those of each recipient.
  std::vector<std::string> optional;
  Seconds optional_wait{1.5};
  bool live_segments = false;  ///< of an A/B stream: positions by the clock, files named after them
  ControlSettings control;
  PlaybackSettings playback;
  RestartSettings restart;
  RateSettings rate;
  TrackSettings tracks;

  /// Everybody who gets a copy; one without a name where there is no fan-out.
  std::vector<std::string> copies() const { return recipients.empty() ? std::vector<std::string>{""} : recipients; }
};

struct LaunchConfig {
  ServerSettings server;
  std::vector<StreamConfig> streams;  ///< at least one
};

/// Checks the groups. [variables] has defaults; a [stream NAME] group has the values of one stream, and `overrides`
/// (from --set) come last, "NAME.variable" for one stream or recipient. Each [recipient NAME] group adds a copy of the
/// fragment `recipient` in [pipeline], with its own values, and with its name for ${recipient}. A file without [stream
/// NAME] is one stream called `name`. Throws ConfigError that begins with "[group] key:" for an unknown group or key, a
/// value out of range, a variable that is not there or not used, and whatever substitute() refuses.
LaunchConfig read_config(const Groups& groups, const Variables& overrides, const std::string& name);

/// Throws ConfigError for what must not be served: an address other than loopback without a token, half of a TLS pair.
void check_server(const ServerSettings& server);

}  // namespace launcher
