// SPDX-License-Identifier: LGPL-2.1-or-later
#include "burst.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include "plugins/common/crypto/random.hpp"
#include "text.hpp"
#include "verify_log.hpp"
#include "writer.hpp"

namespace bench {

namespace {

using Clock = std::chrono::steady_clock;

audit::WriterSettings settings_of(const std::string& database, const std::string& spool) {
  audit::WriterSettings settings;
  settings.database = database;
  settings.stream = "live/0";
  settings.spool = spool;
  return settings;
}

audit::ChainKey key() {
  audit::ChainKey result{};
  result.fingerprint = "0123456789abcdef";
  return result;
}

/// What one second brings: each stream ends a record and begins another.
class Source {
 public:
  explicit Source(int streams) {
    for (int i = 0; i < streams; ++i) sessions_.push_back(steg::random_uuid());
  }
  std::vector<audit::Row> second() {
    const audit::WallTime now = kStart + second_ * 1000000;
    ++second_;
    std::vector<audit::Row> events;
    for (std::size_t i = 0; i < sessions_.size(); ++i) {
      audit::Event event;
      event.stream = "live/" + std::to_string(i);
      event.session = sessions_[i];
      event.record = second_;
      event.id = "U" + std::to_string((static_cast<std::int64_t>(i) * 7919 + second_) % 1000000);
      event.client_ip = "192.0.2." + std::to_string(i % 250);
      event.minute = audit::utc_minute(audit::minute_number(now));
      event.first_time = event.last_time = audit::utc_time(now);
      event.first_pts = event.last_pts = now * 1000;
      event.key_fingerprint = "0123456789abcdef";
      event.model_fingerprint = "fedcba9876543210";
      events.push_back(audit::to_row(event));
      event.kind = audit::EventKind::close;
      event.last_time = audit::utc_time(now + 960000);
      event.encoded = 20;
      event.repeated = 5;
      events.push_back(audit::to_row(event));
    }
    return events;
  }

 private:
  static constexpr audit::WallTime kStart = 1795347000000000;  // 2026-11-22T11:30:00Z
  std::vector<std::string> sessions_;
  std::int64_t second_ = 0;
};

/// A writer whose delivering thread runs as AuditLog's does.
class RunningWriter {
 public:
  RunningWriter(const std::string& database, const std::string& spool)
      : writer_(settings_of(database, spool), key(), {}, deadline_), thread_([this] {
          while (!stopping_ || writer_.waiting() > 0)
            if (!writer_.deliver()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }) {}
  ~RunningWriter() { finish(); }
  RunningWriter(const RunningWriter&) = delete;
  RunningWriter& operator=(const RunningWriter&) = delete;

  audit::Writer& writer() { return writer_; }
  void finish() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
  }

 private:
  audit::Deadline deadline_;
  audit::Writer writer_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace

Rate write_burst(const std::string& what, const std::string& database, const std::string& spool, std::int64_t records,
                 int streams) {
  Source source(streams);
  RunningWriter running(database, spool);
  const auto start = Clock::now();
  for (std::int64_t done = 0; done < records; done += streams) running.writer().accept(source.second());
  running.finish();
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  if (running.writer().stats().failed > 0) throw std::runtime_error(what + ": " + running.writer().stats().last_error);
  return {what, seconds, static_cast<double>(records) / seconds};
}

Rate verify(const std::string& what, const std::string& database) {
  const audit::Deadline deadline;
  const auto connection = audit::connect(database, audit::Access::read, deadline);
  const auto start = Clock::now();
  const audit::LogReport report = audit::verify_log(*connection, {key()});
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  for (const auto& [stream, chain] : report.streams)
    if (!chain.intact()) throw std::runtime_error(what + ": " + stream + ": " + chain.findings[0].text);
  return {what, seconds, static_cast<double>(report.rows()) / 2 / seconds};
}

Sustained write_steadily(const std::string& what, const std::string& database, const std::string& spool, int streams,
                         int seconds) {
  Source source(streams);
  RunningWriter running(database, spool);
  Sustained result{what, seconds, 0, 0};
  auto next = Clock::now();
  for (int i = 0; i < seconds; ++i) {
    running.writer().accept(source.second());
    next += std::chrono::seconds(1);
    while (Clock::now() < next) {
      result.most_waiting = std::max(result.most_waiting, running.writer().waiting());
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    result.last_waiting = running.writer().waiting();
  }
  return result;
}

}  // namespace bench
