// The state of the streams, as JSON and for Prometheus.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "launcher/base/json.hpp"
#include "launcher/playback/rtsp_server.hpp"
#include "launcher/process/process_usage.hpp"
#include "launcher/stream/streams.hpp"

namespace launcher {

class StatusReporter {
 public:
  /// rtsp: null if there is none. Both outlive it.
  StatusReporter(const Streams& streams, const RtspServer* rtsp) : streams_(streams), rtsp_(rtsp) {}

  /// GET /status: places, state, ID, frame rates, audit queue, viewers, the `stats` of each named element that has
  /// them, and the process's CPU and memory.
  std::string status(const Supervisor& stream) const;

  /// GET /streams
  /// `tokens`: whether the tokens of an edge can be had.
  std::string streams(bool tokens) const;

  /// GET /metrics, in Prometheus' text format 0.0.4.
  std::string metrics() const;

  /// The streams that were started and do not run; empty if there are none.
  std::string not_ready() const;

 private:
  void add_playback(JsonText& json, const Supervisor& stream) const;
  void add_places(JsonText& json, const Supervisor& stream, const std::string& recipient) const;

  const Streams& streams_;
  const RtspServer* rtsp_;
  mutable ProcessUsage usage_;
};

}  // namespace launcher
