// Keeps one configured stream alive: starts it, builds its pipeline again when that fails, stops it cleanly.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <glib.h>

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "frame_meter.hpp"
#include "launcher/base/json.hpp"
#include "launcher/base/seconds.hpp"
#include "launcher/config/launch_config.hpp"
#include "launcher/config/property_name.hpp"
#include "launcher/playback/rtmp_output.hpp"
#include "launcher/process/exit_guard.hpp"
#include "launcher/retry/backoff.hpp"
#include "pipeline_run.hpp"
#include "status.hpp"

namespace launcher {

/// Callbacks of a Supervisor, always from the main loop.
struct SupervisorEvents {
  /// Something happened that people may want to see at once: "state", "id-applied", "reconnect", "error". `fill` adds
  /// the members that belong to it.
  std::function<void(const char* event, const std::function<void(JsonText&)>& fill)> happened;
  std::function<void()> finished;  ///< it has ended for good; never called by the constructor
};

/// Where a stream comes from and goes to, as the pipeline file says; known also while it is stopped.
struct Places {
  std::vector<std::string> sources;  ///< without passwords
  std::vector<std::string> sinks;
  std::string key_file;        ///< of stegencode; empty: the public key, or no such element
  std::string audit_database;  ///< of auditlog; empty: no such element
};

/// Runs on the main loop's thread.
class Supervisor {
 public:
  /// Builds the pipeline once, so that errors in the file show at once. Throws ConfigError. config and guard must
  /// outlive it.
  Supervisor(const StreamConfig& config, ExitGuard& guard, SupervisorEvents events);
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  /// Starts the stream if it is stopped. False while it is still stopping.
  bool start();

  /// If it is stopping, starts it again as soon as it has stopped.
  void start_when_stopped() { start_again_ = status_.state == State::stopping; }

  /// Ends the stream and stays ready for start().
  void stop();

  /// Ends the stream for good. The caller guards it against elements that hang.
  void quit();

  /// Sets a property now and each time the pipeline is built again. Throws ConfigError if it is refused.
  void set(const PropertyName& name, const std::string& value);

  /// Sets the ID of a recipient ("" without a fan-out) and, with the first frame that carries it, the address that it
  /// goes to, if the file names a property for that and `client` is not empty. Throws as set(). The file must name an
  /// ID.
  void set_id(const std::string& recipient, const std::string& id, const std::string& client);

  /// Sets the address of whoever publishes the source.
  void set_publisher(const std::string& address);

  const Status& status() const { return status_; }
  const Places& places() const { return places_; }

  /// Frames a second that leave the encoder; nothing if the file names none.
  std::optional<double> output_rate() const;
  const StreamConfig& config() const { return config_; }

  /// What /live.flv plays, by recipient ("" without a fan-out); nothing if the file names no muxer for it.
  const FlvHubs& flv() const { return flv_; }

  const std::string& name() const { return config_.name; }

  /// The running pipeline; null while there is none.
  GstBin* bin() const { return run_ ? run_->bin() : nullptr; }

  /// What the process should return: 0 finished or stopped, 1 failed.
  int exit_code() const { return exit_code_; }

 private:
  std::unique_ptr<PipelineRun> build();
  void attempt();
  void tick();
  void ended();
  void failed(const Failure& failure);
  void announced(const std::string& element, const GstStructure* message);
  void id_applied(const std::string& element, const GstStructure* message);
  std::string recipient_of(const std::string& element) const;
  void try_again(const std::string& reason);
  void finish(int exit_code);
  void tear_down();
  void note_error(const std::string& text);
  void set_state(State state);
  void log(const std::string& text) const;
  void arm_timer(guint& timer, Seconds delay, void (Supervisor::*call)());
  void stop_deadline();

  const StreamConfig& config_;
  ExitGuard& guard_;
  SupervisorEvents events_;
  Backoff backoff_;
  FlvHubs flv_;
  std::unique_ptr<RtmpOutput> output_;
  std::unique_ptr<PipelineRun> run_;
  std::map<PropertyName, std::string> overrides_;
  Status status_;
  Places places_;
  FrameMeter output_meter_;
  guint tick_timer_ = 0;
  guint retry_timer_ = 0;
  guint stop_timer_ = 0;
  gint64 attempt_began_ = 0;  ///< monotonic times, microseconds
  gint64 played_at_ = 0;
  gint64 running_since_ = 0;
  gint64 down_since_ = 0;
  bool branch_was_late_ = false;
  unsigned silent_tries_ = 0;  ///< in a row, in which no source sent anything
  bool quitting_ = false;
  bool finished_ = false;
  bool start_again_ = false;
  bool lost_something_ = false;  ///< an element could not save its records at this stop or an earlier one
  int exit_code_ = 0;
};

}  // namespace launcher
