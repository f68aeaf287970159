// SPDX-License-Identifier: LGPL-2.1-or-later
#include "writer.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <utility>

#include "store.hpp"
#include "text.hpp"

namespace audit {

namespace {

constexpr std::size_t kBatchEvents = 500;
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
  const std::string text = canonical({identity, stream});
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw AuditError("SHA-256 failed: check the installation of OpenSSL.");
  return part + '-' + to_hex(digest.data(), 8);
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
    : settings_(settings), key_(key), listener_(std::move(listener)), deadline_(deadline), backoff_(kFirstBackoff) {
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
  if (!absent.empty()) failed(absent);
  if (connection_ && spool_->waiting() == 0) trim();
}

void Writer::open_connection() {
  auto connection = connect(settings_.database, Access::write, deadline_);
  prepare_schema(*connection);
  connection_ = std::move(connection);
}

void Writer::accept(std::vector<Event> events) {
  held_.insert(held_.end(), std::make_move_iterator(events.begin()), std::make_move_iterator(events.end()));
  if (held_.empty()) return;
  try {
    spool_->append(held_);
    held_.clear();
    if (spool_failing_) listener_.recovered("The spool file of the audit log can be written again.");
    spool_failing_ = false;
  } catch (const AuditError& error) {
    if (!spool_failing_) listener_.problem(error.what());
    spool_failing_ = true;
    failed_ += 1;
    last_error_ = error.what();
  }
}

bool Writer::deliver(bool at_once) {
  if (waiting() == 0 || (!at_once && Deadline::Clock::now() < retry_)) return false;
  if (!held_.empty()) accept({});
  try {
    if (!connection_) open_connection();
    const bool from_spool = spool_->waiting() > 0;
    const std::vector<Event> batch = from_spool ? spool_->peek(kBatchEvents) : held_;
    const Appended appended = append(*connection_, key_, batch, heads_);
    if (from_spool)
      spool_->take();
    else
      held_.clear();
    written_ += appended.written + appended.known;
    for (const std::string& stream : appended.cut_streams)
      listener_.problem("In the database, the log of stream \"" + stream +
                        "\" ends before a row that this program had written: rows were removed, or the database was "
                        "restored from an older copy. The log goes on behind the gap.");
    if (database_failing_) listener_.recovered("The audit database is written again.");
    database_failing_ = false;
    conflicts_ = 0;
    backoff_ = kFirstBackoff;
    retry_ = Time::min();
    if (!spool_failing_) last_error_.clear();
    if (waiting() == 0) trim();
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

void Writer::trim() {
  try {
    spool_->trim(identity_, heads_);
  } catch (const AuditError& error) {
    if (!spool_failing_) listener_.problem(error.what());
    spool_failing_ = true;
    last_error_ = error.what();
  }
}

void Writer::failed(const std::string& text) {
  connection_.reset();
  conflicts_ = 0;
  failed_ += 1;
  last_error_ = text;
  if (!database_failing_) listener_.problem(text + " Until then the records are kept in " + spool_->path() + ".");
  database_failing_ = true;
  retry_ = Deadline::Clock::now() + jittered(backoff_);
  backoff_ = std::min(backoff_ * 2, kLongestBackoff);
}

Writer::Time Writer::next_attempt() const { return waiting() == 0 ? Time::max() : retry_; }

WriterStats Writer::stats() const {
  WriterStats stats;
  stats.held = held_.size();
  stats.spooled = spool_->waiting();
  stats.written = written_;
  stats.failed = failed_;
  stats.spool_bytes = spool_->bytes();
  stats.damaged = spool_->damaged();
  stats.connected = connection_ != nullptr;
  stats.last_error = last_error_;
  return stats;
}

}  // namespace audit
