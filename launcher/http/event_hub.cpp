// SPDX-License-Identifier: LGPL-2.1-or-later
#include "event_hub.hpp"

#include <algorithm>

#include "launcher/base/bytes.hpp"
#include "services.hpp"

namespace launcher {
namespace {

constexpr guint kTickSeconds = 1;
/// About a minute of statuses.
constexpr std::size_t kLargestEventBacklog = 256 * 1024;

Bytes format(const char* event, const std::string& json) {
  return to_bytes(std::string("event: ") + event + "\ndata: " + json + "\n\n");
}

}  // namespace

EventHub::EventHub(Streams& streams, const StatusReporter& reporter) : streams_(streams), reporter_(reporter) {
  streams_.listen(
      [this](const Supervisor& stream, const char* event, const std::string& json) { tell(stream, event, json); });
  timer_ = g_timeout_add_seconds(
      kTickSeconds,
      [](gpointer self) -> gboolean {
        static_cast<EventHub*>(self)->tick();
        return G_SOURCE_CONTINUE;
      },
      this);
}

EventHub::~EventHub() {
  g_source_remove(timer_);
  streams_.listen(nullptr);
  for (const Listener& listener : listeners_) listener.connection->close();
}

void EventHub::add(SoupServerMessage* message, const Supervisor* only) {
  const auto connection =
      PushConnection::answer(message, "Content-Type: text/event-stream; charset=utf-8\r\n", kLargestEventBacklog);
  // How long a browser waits before it connects again, in milliseconds.
  connection->push(to_bytes("retry: 2000\n\n"));
  for (const auto& stream : streams_.all()) {
    if (!only || only == stream.get()) connection->push(format("status", reporter_.status(*stream)));
  }
  listeners_.push_back({connection, only});
}

void EventHub::tell(const Supervisor& stream, const char* event, const std::string& json) {
  listeners_.erase(std::remove_if(listeners_.begin(), listeners_.end(),
                                  [](const Listener& listener) { return !listener.connection->is_open(); }),
                   listeners_.end());
  if (listeners_.empty()) return;
  const Bytes bytes = format(event, json);
  for (const Listener& listener : listeners_) {
    if (!listener.only || listener.only == &stream) listener.connection->push(share(bytes));
  }
}

void EventHub::tick() {
  if (listeners_.empty()) return;
  for (const auto& stream : streams_.all()) tell(*stream, "status", reporter_.status(*stream));
}

void add_event_route(HttpServer& server, EventHub& events, Streams& streams) {
  Route route;
  route.key = {"GET", "/events"};
  route.lasts = true;
  route.handler = [&](Request& request) -> std::optional<Reply> {
    const Supervisor* only = request.parameter("stream").empty() ? nullptr : &stream_of(request, streams);
    events.add(request.message, only);
    return std::nullopt;
  };
  server.add(std::move(route));
}

}  // namespace launcher
