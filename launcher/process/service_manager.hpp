// Reports the state of the process to systemd, by the protocol of sd_notify(3): datagrams to the socket in
// $NOTIFY_SOCKET. SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "launcher/base/seconds.hpp"

namespace launcher {

/// Does nothing without $NOTIFY_SOCKET.
class ServiceManager {
 public:
  ServiceManager();
  ~ServiceManager();
  ServiceManager(const ServiceManager&) = delete;
  ServiceManager& operator=(const ServiceManager&) = delete;

  void ready() const { send("READY=1"); }
  /// May be called from any thread.
  void stopping();
  /// Sends nothing after stopping(): the manager has a separate limit for that.
  void alive() const;
  /// The line that `systemctl status` shows. Sent only when it changes.
  void status(const std::string& text);

  bool is_there() const { return socket_ >= 0; }

  /// How often alive() must be called: half of $WATCHDOG_USEC; nothing if it need not be.
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
