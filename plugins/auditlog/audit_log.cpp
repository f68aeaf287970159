// SPDX-License-Identifier: LGPL-2.1-or-later
#include "audit_log.hpp"

#include <algorithm>
#include <utility>

#include "lost_records.hpp"
#include "plugins/common/crypto/random.hpp"

namespace audit {

namespace {

/// Frames of a minute may still be on their way when it ends.
constexpr WallTime kGrace = 2000000;
/// How long spool_events() lets events gather after it has taken some: each time it is woken costs the streaming thread
/// more than all the rest, and each time it writes costs the disk. What a crash can take is younger than this.
constexpr auto kGatherTime = std::chrono::milliseconds(50);
/// The longest sleep, so that no time point is out of the range of the system's clocks.
constexpr auto kLongestSleep = std::chrono::minutes(10);
/// How long a stop tries the database when only memory holds events. steg-launch ends 1.5 s after it has given up
/// waiting for the end of the stream.
constexpr auto kLastResortTime = std::chrono::milliseconds(1000);

}  // namespace

AuditLog::AuditLog(Settings settings, const Listener& listener, Clock clock)
    : settings_(std::move(settings)),
      clock_(std::move(clock)),
      writer_(settings_.writer, settings_.key, listener, deadline_),
      recorder_(settings_.writer.stream, steg::random_uuid()) {
  spooler_ = std::thread([this] { spool_events(); });
  try {
    deliverer_ = std::thread([this] { deliver(); });
  } catch (...) {
    stop();
    throw;
  }
}

AuditLog::~AuditLog() {
  if (spooler_.joinable()) stop();
}

AuditLog::Result AuditLog::frame(const Mark& mark, std::optional<std::int64_t> pts) {
  std::unique_lock<std::mutex> lock(mutex_);
  WallTime now = clock_();
  while (!has_room() && !recorder_.continues(mark, settings_.client_ip, now)) {
    if (flushing_) return Result::flushing;
    if (settings_.on_full == OnFull::error) return Result::full;
    full_ = true;
    to_spool_.notify_one();
    room_.wait(lock);
    now = clock_();
  }
  const std::size_t before = queue_.size();
  recorder_.count(mark, settings_.client_ip, pts, now, queue_);
  frames_ += 1;
  const bool call = queue_.size() != before && !gathering_;
  // Woken while the lock is held, spool_events() would run into it, which costs this thread another switch.
  lock.unlock();
  if (call) to_spool_.notify_one();
  return Result::counted;
}

void AuditLog::end() {
  const std::lock_guard<std::mutex> lock(mutex_);
  recorder_.finish(queue_);
  to_spool_.notify_one();
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
  Stats stats;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stats.frames = frames_;
    stats.records = recorder_.records();
    stats.session = recorder_.session();
    stats.pending = queue_.size() + in_hand_;
  }
  // Not while holding the lock that frame() needs. What moves on in between is counted twice rather than not at all.
  stats.spool_path = writer_.spool_path();
  stats.writer = writer_.stats();
  stats.pending += stats.writer.held + stats.writer.spooled;
  return stats;
}

Stats AuditLog::stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    recorder_.finish(queue_);
    stopping_ = true;
    flushing_ = true;
    deadline_.set(Deadline::Clock::now() + settings_.stop_time);
    to_spool_.notify_one();
    room_.notify_all();
  }
  spooler_.join();
  if (deliverer_.joinable()) deliverer_.join();
  Stats result = stats();
  result.lost = lost_records(writer_.held());
  return result;
}

Writer::Time AuditLog::minute_end() const {
  const auto now = Deadline::Clock::now();
  const auto minute = recorder_.open_minute();
  if (!minute) return now + kLongestSleep;
  const WallTime left = (*minute + 1) * 60000000 + kGrace - clock_();
  return now + std::chrono::microseconds(std::clamp<WallTime>(left, 1000, 120000000));
}

void AuditLog::spool_events() {
  std::vector<Note> notes;
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    to_spool_.wait_until(lock, minute_end(), [this] { return stopping_ || (writer_.accepts() && !queue_.empty()); });
    const bool last = stopping_;
    if (const auto minute = recorder_.open_minute())
      if (*minute < minute_number(clock_() - kGrace)) recorder_.finish(queue_);
    // The two change places, so that the streaming thread finds one with memory.
    notes.clear();
    if (writer_.accepts() || last) notes.swap(queue_);
    in_hand_ = notes.size();
    full_ = false;
    lock.unlock();
    if (!notes.empty() || last) {
      room_.notify_all();
      std::vector<Row> events;
      events.reserve(notes.size());
      for (const Note& note : notes) events.push_back(recorder_.row(note));
      if (last) {
        writer_.accept_last(std::move(events));
        if (!writer_.accepts()) deadline_.set(std::min(deadline_.get(), Deadline::Clock::now() + kLastResortTime));
      } else {
        writer_.accept(std::move(events));
      }
    }
    lock.lock();
    in_hand_ = 0;
    held_up_ = !writer_.accepts();
    spooled_ = last;
    if (notes.empty() && !last) continue;
    arrived_ = true;
    to_deliver_.notify_one();
    if (last) return;
    gathering_ = true;
    to_spool_.wait_for(lock, kGatherTime, [this] { return stopping_ || full_; });
    gathering_ = false;
  }
}

void AuditLog::deliver() {
  bool more = writer_.waiting() > 0;
  while (true) {
    // Asked without the lock: the writer may be at the disk.
    const auto until = std::min(writer_.next_attempt(), Deadline::Clock::now() + kLongestSleep);
    std::unique_lock<std::mutex> lock(mutex_);
    if (!more) to_deliver_.wait_until(lock, until, [this] { return arrived_; });
    arrived_ = false;
    const bool last = spooled_;
    lock.unlock();
    more = writer_.deliver(last);
    while (last && more && !deadline_.passed()) more = writer_.deliver(true);
    if (last) return writer_.finish();
    lock.lock();
    if (held_up_ && writer_.accepts()) to_spool_.notify_one();
  }
}

}  // namespace audit
