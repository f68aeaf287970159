// SPDX-License-Identifier: LGPL-2.1-or-later
#include "audit_log.hpp"

#include <algorithm>
#include <utility>

namespace audit {

namespace {

/// Frames of a minute may still be on their way when it ends.
constexpr WallTime kGrace = 2000000;
/// The longest sleep, so that no time point is out of the range of the system's clocks.
constexpr auto kLongestSleep = std::chrono::minutes(10);

}  // namespace

AuditLog::AuditLog(Settings settings, const Listener& listener, Clock clock)
    : settings_(std::move(settings)),
      clock_(std::move(clock)),
      writer_(settings_.writer, settings_.key, listener, deadline_),
      recorder_(settings_.writer.stream, random_uuid()),
      next_attempt_(writer_.next_attempt()),
      writer_stats_(writer_.stats()) {
  thread_ = std::thread([this] { run(); });
}

AuditLog::~AuditLog() {
  if (thread_.joinable()) stop();
}

AuditLog::Result AuditLog::frame(const Mark& mark, std::optional<std::int64_t> pts) {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!recorder_.continues(mark, settings_.client_ip, clock_()) && !has_room()) {
    if (flushing_) return Result::flushing;
    if (settings_.on_full == OnFull::error) return Result::full;
    room_.wait(lock);
  }
  const std::size_t before = queue_.size();
  recorder_.count(mark, settings_.client_ip, pts, clock_(), queue_);
  frames_ += 1;
  if (queue_.size() != before) wake_.notify_one();
  return Result::counted;
}

void AuditLog::end() {
  const std::lock_guard<std::mutex> lock(mutex_);
  recorder_.finish(queue_);
  wake_.notify_one();
}

void AuditLog::set_client_ip(std::string client_ip) {
  const std::lock_guard<std::mutex> lock(mutex_);
  settings_.client_ip = std::move(client_ip);
}

void AuditLog::set_on_full(OnFull on_full) {
  const std::lock_guard<std::mutex> lock(mutex_);
  settings_.on_full = on_full;
  room_.notify_all();
}

void AuditLog::set_flushing(bool flushing) {
  const std::lock_guard<std::mutex> lock(mutex_);
  flushing_ = flushing;
  room_.notify_all();
}

Stats AuditLog::stats() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  Stats stats;
  stats.frames = frames_;
  stats.records = recorder_.records();
  stats.session = recorder_.session();
  stats.spool_path = writer_.spool_path();
  stats.writer = writer_stats_;
  stats.pending = queue_.size() + in_hand_ + writer_stats_.held + writer_stats_.spooled;
  return stats;
}

Stats AuditLog::stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    recorder_.finish(queue_);
    stopping_ = true;
    flushing_ = true;
    deadline_.set(Deadline::Clock::now() + settings_.stop_time);
    wake_.notify_one();
    room_.notify_all();
  }
  thread_.join();
  return stats();
}

Writer::Time AuditLog::wake_time() const {
  const auto now = Deadline::Clock::now();
  if (more_) return now;
  auto time = std::min(next_attempt_, now + kLongestSleep);
  if (const auto minute = recorder_.open_minute()) {
    const WallTime left = (*minute + 1) * 60000000 + kGrace - clock_();
    time = std::min(time, now + std::chrono::microseconds(std::clamp<WallTime>(left, 1000, 120000000)));
  }
  return time;
}

void AuditLog::run() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    wake_.wait_until(lock, wake_time(), [this] { return stopping_ || (accepts_ && !queue_.empty()); });
    const bool last = stopping_;
    if (const auto minute = recorder_.open_minute())
      if (*minute < minute_number(clock_() - kGrace)) recorder_.finish(queue_);
    std::vector<Event> events;
    if (accepts_ || last) events.swap(queue_);
    in_hand_ = events.size();
    lock.unlock();
    room_.notify_all();
    if (!events.empty()) writer_.accept(std::move(events));
    bool more = writer_.deliver(last);
    while (last && more && !deadline_.passed()) more = writer_.deliver(true);
    lock.lock();
    in_hand_ = 0;
    more_ = more;
    accepts_ = writer_.accepts();
    next_attempt_ = writer_.next_attempt();
    writer_stats_ = writer_.stats();
    if (last) return;
  }
}

}  // namespace audit
