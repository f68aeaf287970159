// SPDX-License-Identifier: LGPL-2.1-or-later
#include "event_log.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "text.hpp"

namespace audit {

namespace {

constexpr auto kStopTime = std::chrono::seconds(3);
/// The longest sleep, so that no time point is out of the range of the system's clocks.
constexpr auto kLongestEventSleep = std::chrono::minutes(10);

}  // namespace

EventLog::EventLog(const WriterSettings& settings, const ChainKey& key, const Listener& listener)
    : stream_(settings.stream), writer_(settings, key, listener, deadline_) {
  while (writer_.waiting() > 0 && writer_.deliver(true)) {
  }
  deliverer_ = std::thread([this] { deliver(); });
}

EventLog::~EventLog() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    deadline_.set(Deadline::Clock::now() + kStopTime);
  }
  to_deliver_.notify_one();
  deliverer_.join();
}

void EventLog::add(Event event) {
  event.stream = stream_;
  event.id = storable(event.id);
  event.client_ip = storable(event.client_ip);
  bool taken = false;
  bool kept = false;
  {
    const std::lock_guard<std::mutex> lock(adding_);
    taken = writer_.accepts();
    if (taken) writer_.accept({to_row(event)});
    kept = taken && writer_.accepts();
  }
  {
    // What the spool does not take the database may: until then nothing else is kept either.
    const std::lock_guard<std::mutex> lock(mutex_);
    arrived_ = true;
  }
  to_deliver_.notify_one();
  if (kept) return;
  const std::string why =
      "The audit log cannot be written, neither now nor a moment ago: " + writer_.stats().last_error;
  if (taken) throw EventHeld(why);
  throw AuditError(why);
}

void EventLog::deliver() {
  bool more = false;
  while (true) {
    const auto until = std::min(writer_.next_attempt(), Deadline::Clock::now() + kLongestEventSleep);
    std::unique_lock<std::mutex> lock(mutex_);
    if (!more) to_deliver_.wait_until(lock, until, [this] { return arrived_ || stopping_; });
    arrived_ = false;
    const bool last = stopping_;
    lock.unlock();
    more = writer_.deliver(last);
    while (last && more && !deadline_.passed()) more = writer_.deliver(true);
    if (last) return writer_.finish();
  }
}

}  // namespace audit
