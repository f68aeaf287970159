// What the store needs of a database: plain SQL with parameters, and transactions.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "event.hpp"

namespace audit {

/// A database that does not do what was asked.
class DatabaseError : public AuditError {
 public:
  enum class Kind {
    unavailable,  ///< not there at the moment: down, busy, full, cut off
    refused,      ///< it answers and says no: wrong password, no such database, damaged, other schema
    conflict,     ///< another writer was faster: do the transaction again
  };
  DatabaseError(Kind kind, const std::string& text) : AuditError(text), kind_(kind) {}
  Kind kind() const { return kind_; }

 private:
  Kind kind_;
};

/// The time by which every wait of a connection must end. May be moved from another thread while a connection waits.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;
  void set(Clock::time_point time) { ticks_ = time.time_since_epoch().count(); }
  void clear() { ticks_ = Clock::duration::max().count(); }
  Clock::time_point get() const { return Clock::time_point(Clock::duration(ticks_)); }
  bool passed() const { return Clock::now() >= get(); }

 private:
  std::atomic<Clock::rep> ticks_{Clock::duration::max().count()};
};

enum class Dialect { sqlite, postgres };

/// An open connection. All functions throw DatabaseError. Not for use from several threads at once.
class Connection {
 public:
  virtual ~Connection() = default;
  /// One statement with the parameters $1, $2, … in order of first use. A value of another type than its column's reads
  /// as foreign().
  virtual std::vector<Row> run(const std::string& sql, const Row& parameters = {}) = 0;
  /// A query whose rows are too many to be held: gives them one after the other, until `take` returns false. Needs a
  /// transaction around it.
  virtual void each(const std::string& sql, const Row& parameters, const std::function<bool(const Row&)>& take) = 0;
  /// Adds rows to a table, all or none: by COPY where there is one, else by INSERT of many rows at once.
  virtual void insert(const std::string& table, const std::vector<std::string>& columns,
                      const std::vector<Row>& rows) = 0;
  virtual bool has_table(const std::string& name) = 0;
  virtual void begin() = 0;
  virtual void commit() = 0;
  /// Does not throw: a connection that cannot roll back is of no use and will be dropped.
  virtual void rollback() noexcept = 0;
  virtual Dialect dialect() const = 0;
};

enum class Access {
  write,     ///< a statement that takes longer than 30 s fails
  read,      ///< nothing can be changed; statements may take their time
  maintain,  ///< may change anything and take its time
};

/// Opens `uri` ("sqlite:PATH", "postgresql://…" or "postgres://…"). Throws AuditError if the URI is none of these or
/// does not parse, DatabaseError if it cannot be opened. `deadline` must outlive the connection.
std::unique_ptr<Connection> connect(const std::string& uri, Access access, const Deadline& deadline);

/// Whether the text begins as a URI of a database does.
bool is_database_uri(const std::string& text);

/// Throws AuditError if the URI cannot be one of a database, without opening it.
void check_uri(const std::string& uri);

/// The file of a "sqlite:" URI; empty for other databases.
std::string sqlite_path(const std::string& uri);

/// What tells databases apart: the path; or host, port, name and user, but no password.
std::string database_identity(const std::string& uri);

/// The URI as it may be shown: without a password.
std::string without_password(const std::string& uri);

}  // namespace audit
