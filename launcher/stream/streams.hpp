// All streams of the file, each with its supervisor.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "launcher/config/launch_config.hpp"
#include "launcher/process/exit_guard.hpp"
#include "supervisor.hpp"

namespace launcher {

/// Runs on the main loop's thread.
class Streams {
 public:
  /// Builds each stream once. Throws ConfigError. `finished` is called when all have ended for good. configs and guard
  /// must outlive it.
  Streams(const std::vector<StreamConfig>& configs, ExitGuard& guard, std::function<void()> finished);

  /// `event` is as in SupervisorEvents; the JSON object has the member "stream".
  using Listener = std::function<void(const Supervisor&, const char* event, const std::string& json)>;
  void listen(Listener listener) { listener_ = std::move(listener); }

  const std::vector<std::unique_ptr<Supervisor>>& all() const { return all_; }

  /// What each stream plays, by its name.
  std::map<std::string, FlvHubs> flv() const;

  void start();
  /// Ends them all for good.
  void quit();
  /// The largest exit code of the streams.
  int exit_code() const;

 private:
  std::function<void()> finished_;
  Listener listener_;
  std::size_t left_;
  std::vector<std::unique_ptr<Supervisor>> all_;
};

}  // namespace launcher
