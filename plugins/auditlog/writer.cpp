// SPDX-License-Identifier: LGPL-2.1-or-later
#include "writer.hpp"

#include <filesystem>
#include <memory>
#include <utility>

#include "spool_path.hpp"
#include "text.hpp"

namespace audit {

namespace {

/// With the path of the spool. Throws AuditError.
WriterSettings checked(WriterSettings settings) {
  check_uri(settings.database);
  if (settings.stream.empty() || !is_storable(settings.stream))
    throw AuditError("The name of the stream is empty or not UTF-8. Set `stream` to a name for this stream.");
  if (settings.spool.empty()) settings.spool = default_spool_path(settings.database, settings.stream);
  return settings;
}

/// Where the database may be away, the spool says whether it was ever there.
std::unique_ptr<Spool> open_spool(const WriterSettings& settings, const ChainKey& key, const std::string& identity,
                                  Deliverer& deliverer) {
  const auto check_start = [&](bool reached) {
    if (deliverer.absent().empty() || reached || settings.start_without_database) return;
    throw AuditError(
        deliverer.absent() +
        " To start all the same and keep the records on disk until it is there, set start-without-database=true.");
  };
  std::error_code unknown;
  // Where the start is refused, no spool file is left behind.
  check_start(std::filesystem::exists(settings.spool, unknown));
  auto spool = std::make_unique<Spool>(settings.spool, key, settings.spool_limit);
  const bool reached = spool->was_reached(identity);
  check_start(reached);
  if (reached) deliverer.go_on_from(spool->heads());
  return spool;
}

}  // namespace

Writer::Writer(const WriterSettings& settings, const ChainKey& key, Listener listener, const Deadline& deadline)
    : settings_(checked(settings)),
      identity_(database_identity(settings_.database)),
      deadline_(deadline),
      checkpointer_(settings_.checkpoints, settings_.checkpoint_interval, key, listener, deadline),
      deliverer_(settings_.database, settings_.stream, key, listener, stats_, deadline),
      verifier_(settings_.stream, key, listener, stats_),
      backlog_(open_spool(settings_, key, identity_, deliverer_), std::move(listener), stats_) {
  if (deliverer_.connection())
    backlog_.trim(identity_, deliverer_.heads());
  else
    failed(deliverer_.absent());
}

bool Writer::deliver(bool at_once) {
  if (!at_once && Deadline::Clock::now() < deliverer_.retry()) return false;
  try {
    const Backlog::Batch batch = backlog_.next(deliverer_.batch_rows());
    if (batch.rows.empty()) {
      if (Deadline::Clock::now() < verifier_.next()) return false;
      if (deliverer_.connection()) verifier_.read_back(*deliverer_.connection(), deliverer_.head());
      note_checkpoint(false);
      return false;
    }
    const Appended appended = deliverer_.write(batch.rows);
    const auto before = appended.before.find(settings_.stream);
    if (before != appended.before.end()) verifier_.begin_behind(before->second);
    backlog_.remove(batch, identity_, deliverer_.heads());
    deliverer_.rest();
  } catch (const DatabaseError& error) {
    if (error.kind() == DatabaseError::Kind::conflict && deliverer_.tries_again()) return true;
    failed(error.what());
    return false;
  } catch (const std::exception& error) {
    failed(error.what());
    return false;
  }
  return waiting() > 0;
}

void Writer::finish() {
  try {
    while (deliverer_.connection() && verifier_.has_more(deliverer_.head()) && !deadline_.passed())
      verifier_.read_back(*deliverer_.connection(), deliverer_.head());
    note_checkpoint(true);
  } catch (const std::exception& error) {
    failed(error.what());
  }
}

void Writer::note_checkpoint(bool at_once) {
  if (const auto end = verifier_.intact_end()) checkpointer_.note(settings_.stream, *end, at_once);
}

void Writer::failed(const std::string& reason) {
  deliverer_.failed(reason, accepts() ? " Until then the records are kept in " + spool_path() + "."
                                      : " The spool file takes nothing either: only memory holds the newest records.");
}

Writer::Time Writer::next_attempt() const {
  if (waiting() > 0) return deliverer_.retry();
  const bool reads_back = deliverer_.connection() && verifier_.has_more(deliverer_.head());
  return reads_back ? verifier_.next() : Time::max();
}

}  // namespace audit
