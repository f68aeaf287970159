// Server-sent events (WHATWG HTML, section 9.2) to any number of listeners.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <glib.h>

#include <memory>
#include <string>
#include <vector>

#include "launcher/stream/streams.hpp"
#include "push_connection.hpp"
#include "status_report.hpp"

namespace launcher {

/// Tells listeners what the streams tell, and once a second their status. Runs on the main loop's thread.
class EventHub {
 public:
  /// streams and reporter outlive it.
  EventHub(Streams& streams, const StatusReporter& reporter);
  ~EventHub();
  EventHub(const EventHub&) = delete;
  EventHub& operator=(const EventHub&) = delete;

  /// Takes over the request; it hears of one stream, or of all if `only` is null.
  void add(SoupServerMessage* message, const Supervisor* only);

 private:
  struct Listener {
    std::shared_ptr<PushConnection> connection;
    const Supervisor* only;
  };
  void tell(const Supervisor& stream, const char* event, const std::string& json);
  void tick();

  Streams& streams_;
  const StatusReporter& reporter_;
  std::vector<Listener> listeners_;
  guint timer_;
};

}  // namespace launcher
