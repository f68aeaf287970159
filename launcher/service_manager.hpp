// Tells systemd how the process is, by the protocol of sd_notify(3): datagrams to the socket in $NOTIFY_SOCKET.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "backoff.hpp"

namespace launcher {

/// Without $NOTIFY_SOCKET all of it does nothing.
class ServiceManager {
 public:
  ServiceManager();
  ~ServiceManager();
  ServiceManager(const ServiceManager&) = delete;
  ServiceManager& operator=(const ServiceManager&) = delete;

  void ready() const { send("READY=1"); }
  /// May be called from any thread.
  void stopping();
  /// Tells nothing after stopping(): how long a stop may take is another of the manager's limits.
  void alive() const;
  /// What `systemctl status` shows, one line; tells it once.
  void status(const std::string& text);

  bool is_there() const { return socket_ >= 0; }

  /// How often alive() is wanted: half of $WATCHDOG_USEC; nothing if it is not.
  std::optional<Seconds> watchdog_interval() const { return watchdog_interval_; }

 private:
  void send(const std::string& text) const;

  int socket_ = -1;
  std::string address_;
  std::optional<Seconds> watchdog_interval_;
  std::string status_;
  std::atomic<bool> stopping_{false};
};

}  // namespace launcher
