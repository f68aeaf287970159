// SPDX-License-Identifier: LGPL-2.1-or-later
#include "writer.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <utility>

#include "plugins/common/crypto/digest.hpp"
#include "schema.hpp"
#include "store.hpp"
#include "text.hpp"
#include "verify_chain.hpp"

namespace audit {

namespace {

/// Events in a transaction: what many of them share (pages of indexes, the commit) makes large ones cheaper for each;
/// what takes too long fails.
constexpr std::size_t kFewestEvents = 100;
constexpr std::size_t kMostEvents = 20000;
constexpr auto kShortTransaction = std::chrono::seconds(2);
/// So many times as long as a transaction took, the next one gathers events, which are safe in the spool.
constexpr int kRestFactor = 8;
constexpr auto kLongestRest = std::chrono::seconds(4);
/// Rows that are read back at a time, and how often.
constexpr std::size_t kVerifiedRows = 5000;
constexpr auto kVerificationTime = std::chrono::seconds(10);
constexpr auto kFirstBackoff = std::chrono::milliseconds(250);
constexpr auto kLongestBackoff = std::chrono::milliseconds(8000);
constexpr int kConflictTries = 20;

/// A part of a file name that shows the stream to people and differs for different streams.
std::string file_name_part(const std::string& stream, const std::string& identity) {
  constexpr std::size_t kLongest = 40;
  std::string part;
  for (const char c : stream.substr(0, kLongest)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    part.push_back(plain ? c : '_');
  }
  if (part == stream && identity.empty()) return part;
  return part + '-' + steg::to_hex(steg::sha256(canonical({identity, stream}))).substr(0, 16);
}

std::filesystem::path state_folder() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state && *state == '/') return std::filesystem::path(state) / "gst-steg";
  const char* home = std::getenv("HOME");
  if (home && *home == '/') return std::filesystem::path(home) / ".local" / "state" / "gst-steg";
  throw AuditError(
      "There is no place for the spool file: neither HOME nor XDG_STATE_HOME is set. Set `spool` to a file.");
}

std::chrono::milliseconds jittered(std::chrono::milliseconds time) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  return std::chrono::milliseconds(
      std::uniform_int_distribution<std::int64_t>(time.count() * 3 / 4, time.count())(random));
}

std::string checked_spool_path(const WriterSettings& settings) {
  check_uri(settings.database);
  if (settings.stream.empty() || !is_storable(settings.stream))
    throw AuditError("The name of the stream is empty or not UTF-8. Set `stream` to a name for this stream.");
  return settings.spool.empty() ? default_spool_path(settings.database, settings.stream) : settings.spool;
}

}  // namespace

std::string default_spool_path(const std::string& database, const std::string& stream) {
  const std::string path = sqlite_path(database);
  if (!path.empty()) return path + '.' + file_name_part(stream, "") + ".spool";
  const std::filesystem::path folder = state_folder();
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw AuditError("The folder for the spool file, " + folder.string() + ", cannot be made: " + error.message() +
                     ". Set `spool` to a file.");
  return (folder / ("auditlog-" + file_name_part(stream, database_identity(database)) + ".spool")).string();
}

Writer::Writer(const WriterSettings& settings, const ChainKey& key, Listener listener, const Deadline& deadline)
    : settings_(settings),
      key_(key),
      listener_(std::move(listener)),
      deadline_(deadline),
      backoff_(kFirstBackoff),
      checkpointer_(settings_.checkpoints, settings_.checkpoint_interval, key_, listener_, deadline_) {
  const std::string path = checked_spool_path(settings_);
  identity_ = database_identity(settings_.database);
  // The database first: where it refuses, no spool file is left behind.
  std::string absent;
  try {
    open_connection();
  } catch (const DatabaseError& error) {
    if (error.kind() == DatabaseError::Kind::refused) throw;
    absent = error.what();
  }
  const auto may_start = [&](bool reached) {
    if (absent.empty() || reached || settings_.start_without_database) return;
    throw AuditError(absent +
                     " To start all the same and keep the records on disk until it is there, set "
                     "start-without-database=true.");
  };
  std::error_code unknown;
  may_start(std::filesystem::exists(path, unknown));
  spool_.emplace(path, key_, settings_.spool_limit);
  const bool reached = spool_->was_reached(identity_);
  may_start(reached);
  if (reached) heads_ = spool_->heads();
  if (spool_->damaged() > 0)
    listener_.problem(std::to_string(spool_->damaged()) + " lines of the spool file " + path +
                      " are damaged: records of an earlier run may be lost. They are kept in " +
                      spool_->damaged_path() + ".");
  count_waiting();
  count([&](WriterStats& stats) {
    stats.connected = connection_ != nullptr;
    stats.damaged = spool_->damaged();
  });
  if (!absent.empty()) failed(absent);
  if (connection_ && spool_->waiting() == 0) {
    Messages problems;
    trim(problems);
    tell(problems, {});
  }
}

template <class Change>
void Writer::count(const Change& change) {
  const std::lock_guard<std::mutex> lock(stats_mutex_);
  change(stats_);
}

void Writer::count_waiting(std::size_t written) {
  count([&](WriterStats& stats) {
    stats.written += written;
    stats.held = held_.size();
    stats.spooled = spool_->waiting();
    stats.spool_bytes = spool_->bytes();
  });
}

void Writer::open_connection() {
  auto connection = connect(settings_.database, Access::write, deadline_);
  prepare_schema(*connection);
  connection_ = std::move(connection);
}

void Writer::tell(const Messages& problems, const Messages& recovered) const {
  for (const std::string& text : problems) listener_.problem(text);
  for (const std::string& text : recovered) listener_.recovered(text);
}

void Writer::spool_held(Messages& problems, Messages& recovered) {
  if (held_.empty()) return;
  try {
    spool_->append(held_);
    held_.clear();
    held_generation_ += 1;
    if (spool_failing_) recovered.emplace_back("The spool file of the audit log can be written again.");
    spool_failing_ = false;
  } catch (const AuditError& error) {
    if (!spool_failing_) problems.emplace_back(error.what());
    spool_failing_ = true;
    count([&](WriterStats& stats) {
      stats.failed += 1;
      stats.last_error = error.what();
    });
  }
  held_count_ = held_.size();
  count_waiting();
}

void Writer::accept(std::vector<Event> events) {
  Messages problems;
  Messages recovered;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    held_.insert(held_.end(), std::make_move_iterator(events.begin()), std::make_move_iterator(events.end()));
    spool_held(problems, recovered);
  }
  tell(problems, recovered);
}

void Writer::accept_last(std::vector<Event> events) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    spool_->begin_last_resort();
  }
  accept(std::move(events));
  const std::lock_guard<std::mutex> lock(mutex_);
  spool_what_fits();
}

void Writer::spool_what_fits() {
  // The oldest first, as many as possible.
  for (std::size_t count = held_.size() / 2; count > 0; count = std::min(count, held_.size()) / 2) {
    const auto end = held_.begin() + static_cast<std::ptrdiff_t>(count);
    try {
      spool_->append({held_.begin(), end});
      held_.erase(held_.begin(), end);
      held_generation_ += 1;
    } catch (const AuditError&) {
      // Told of when all of them were tried.
    }
  }
  held_count_ = held_.size();
  count_waiting();
}

std::vector<Event> Writer::held() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return held_;
}

Writer::Batch Writer::next_batch() {
  Batch batch;
  batch.from_spool = spool_->waiting() > 0;
  batch.held_generation = held_generation_;
  batch.events = batch.from_spool ? spool_->peek(batch_events_) : held_;
  return batch;
}

bool Writer::deliver(bool at_once) {
  Batch batch;
  Messages problems;
  Messages recovered;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const bool waits = spool_->waiting() > 0 || !held_.empty();
    if (!at_once && Deadline::Clock::now() < retry_) return false;
    if (waits) {
      spool_held(problems, recovered);
      batch = next_batch();
    }
  }
  tell(problems, recovered);
  try {
    if (batch.events.empty()) {
      if (Deadline::Clock::now() >= next_verification_) {
        verify_written();
        if (verified_) note_verified(false);
      }
      return false;
    }
    if (!connection_) open_connection();
    const Time begin = Deadline::Clock::now();
    const Appended appended = append(*connection_, key_, batch.events, heads_);
    delivered(batch, appended, Deadline::Clock::now() - begin);
  } catch (const DatabaseError& error) {
    if (error.kind() == DatabaseError::Kind::conflict && ++conflicts_ < kConflictTries) return true;
    failed(error.what());
    return false;
  } catch (const std::exception& error) {
    failed(error.what());
    return false;
  }
  return waiting() > 0;
}

void Writer::delivered(const Batch& batch, const Appended& appended, Deadline::Clock::duration took) {
  Messages problems;
  for (const std::string& stream : appended.cut_streams)
    problems.push_back("In the database, the log of stream \"" + stream +
                       "\" ends before a row that was written: rows were removed, or the database was restored from an "
                       "older copy. The log goes on behind the gap.");
  // Told before it shows in the numbers.
  tell(problems, database_failing_ ? Messages{"The audit database is written again."} : Messages());
  problems.clear();
  database_failing_ = false;
  conflicts_ = 0;
  backoff_ = kFirstBackoff;
  if (took < kShortTransaction) batch_events_ = std::min(2 * batch_events_, kMostEvents);
  const auto before = appended.before.find(settings_.stream);
  if (!verified_ && before != appended.before.end()) verified_ = before->second;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (batch.from_spool) {
      spool_->take();
    } else if (batch.held_generation == held_generation_) {
      // accept() may have added some behind.
      held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(batch.events.size()));
      held_count_ = held_.size();
    }
    const bool may_rest = held_.empty() && spool_->waiting() < batch_events_;
    retry_ = may_rest ? Deadline::Clock::now() + std::min<Deadline::Clock::duration>(kRestFactor * took, kLongestRest)
                      : Time::min();
    const auto end = heads_.find(settings_.stream);
    count_waiting(appended.written + appended.known);
    count([&](WriterStats& stats) {
      stats.connected = true;
      if (end != heads_.end()) stats.last_seq = end->second.seq;
      if (!spool_failing_) stats.last_error.clear();
    });
    if (spool_->waiting() == 0 && held_.empty()) trim(problems);
    count_waiting();
  }
  tell(problems, {});
}

void Writer::finish() {
  try {
    const auto end = heads_.find(settings_.stream);
    while (connection_ && verified_ && end != heads_.end() && verified_->seq < end->second.seq && !deadline_.passed())
      verify_written();
    if (verified_) note_verified(true);
  } catch (const std::exception& error) {
    failed(error.what());
  }
}

void Writer::verify_written() {
  const auto end = heads_.find(settings_.stream);
  if (!connection_ || !verified_ || end == heads_.end() || verified_->seq >= end->second.seq) return;
  ChainReport report = verify_after(*connection_, settings_.stream, {key_}, *verified_, kVerifiedRows);
  if (report.rows == 0) {
    report.findings.push_back({Finding::Kind::missing, verified_->seq + 1, end->second.seq,
                               "Rows from " + std::to_string(verified_->seq + 1) + " on are missing."});
    report.head = end->second;
  }
  std::uint64_t tampered = 0;
  for (const Finding& finding : report.findings) {
    // Rows that another program adds to this stream may be of another key.
    if (finding.kind == Finding::Kind::unknown_key) continue;
    tampered += 1;
    listener_.problem("In the database, the log of stream \"" + settings_.stream + "\" was changed. " + finding.text +
                      " Run steg-audit verify.");
  }
  verified_ = report.head;
  const bool done = verified_->seq >= end->second.seq;
  next_verification_ = Deadline::Clock::now() + (done ? kVerificationTime : std::chrono::seconds(0));
  count([&](WriterStats& stats) {
    stats.tampered += tampered;
    if (tampered == 0) stats.verified_seq = report.head.seq;
  });
}

void Writer::note_verified(bool at_once) {
  // An end that was not found as it was written is no end to vouch for.
  if (stats().tampered == 0) checkpointer_.note(settings_.stream, *verified_, at_once);
}

void Writer::trim(Messages& problems) {
  try {
    spool_->trim(identity_, heads_);
  } catch (const AuditError& error) {
    if (!spool_failing_) problems.emplace_back(error.what());
    spool_failing_ = true;
    count([&](WriterStats& stats) { stats.last_error = error.what(); });
  }
}

void Writer::failed(const std::string& text) {
  connection_.reset();
  conflicts_ = 0;
  batch_events_ = std::max(batch_events_ / 2, kFewestEvents);
  if (!database_failing_) {
    const bool on_disk = accepts();
    listener_.problem(text + (on_disk ? " Until then the records are kept in " + spool_->path() + "."
                                      : " The spool file takes nothing either: only memory holds the newest records."));
  }
  database_failing_ = true;
  count([&](WriterStats& stats) {
    stats.failed += 1;
    stats.connected = false;
    stats.last_error = text;
  });
  const std::lock_guard<std::mutex> lock(mutex_);
  retry_ = Deadline::Clock::now() + jittered(backoff_);
  backoff_ = std::min(backoff_ * 2, kLongestBackoff);
}

Writer::Time Writer::next_attempt() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (spool_->waiting() > 0 || !held_.empty()) return retry_;
  const auto end = heads_.find(settings_.stream);
  const bool unverified = connection_ && verified_ && end != heads_.end() && verified_->seq < end->second.seq;
  return unverified ? next_verification_ : Time::max();
}

std::size_t Writer::waiting() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return spool_->waiting() + held_.size();
}

WriterStats Writer::stats() const {
  const std::lock_guard<std::mutex> lock(stats_mutex_);
  return stats_;
}

}  // namespace audit
