// Keeps one stream alive: starts it, builds it again when it fails, stops it cleanly.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <glib.h>

#include <map>
#include <memory>
#include <string>

#include "backoff.hpp"
#include "exit_guard.hpp"
#include "pipeline_config.hpp"
#include "status.hpp"
#include "stream.hpp"

namespace launcher {

/// Runs on the main loop's thread.
class Supervisor {
 public:
  /// Builds the pipeline once, so that what is wrong with the file shows at once: throws ConfigError.
  /// config, loop and guard outlive it.
  Supervisor(const PipelineConfig& config, GMainLoop* loop, ExitGuard& guard);
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  /// Starts the stream if it is stopped. False while it is still stopping.
  bool start();

  /// Ends the stream and stays ready for start().
  void stop();

  /// Ends the stream, then the main loop. The caller guards it against elements that hang.
  void quit();

  /// Sets a property now and each time the pipeline is built again. Throws ConfigError if it is refused.
  void set(const PropertyName& name, const std::string& value);

  const Status& status() const { return status_; }
  const PipelineConfig& config() const { return config_; }

  /// The running pipeline; null while there is none.
  GstBin* bin() const { return stream_ ? stream_->bin() : nullptr; }

  /// What the process should return: 0 finished or stopped, 1 failed.
  int exit_code() const { return exit_code_; }

 private:
  std::unique_ptr<Stream> build();
  void attempt();
  void tick();
  void ended();
  void failed(const Failure& failure);
  void announced(const GstStructure* message);
  void try_again(const std::string& reason);
  void finish(int exit_code);
  void tear_down();
  void note_error(const std::string& text);
  void arm_timer(guint& timer, Seconds delay, void (Supervisor::*call)());
  void stop_deadline();

  const PipelineConfig& config_;
  GMainLoop* loop_;
  ExitGuard& guard_;
  Backoff backoff_;
  std::unique_ptr<Stream> stream_;
  std::map<PropertyName, std::string> overrides_;
  Status status_;
  guint tick_timer_ = 0;
  guint retry_timer_ = 0;
  guint stop_timer_ = 0;
  gint64 attempt_began_ = 0;  ///< monotonic times, microseconds
  gint64 running_since_ = 0;
  gint64 down_since_ = 0;
  bool branch_was_late_ = false;
  bool quitting_ = false;
  int exit_code_ = 0;
};

}  // namespace launcher
