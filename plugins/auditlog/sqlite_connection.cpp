// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sqlite_connection.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <thread>
#include <utility>

namespace audit {

namespace {

constexpr auto kBusyStep = std::chrono::milliseconds(20);
constexpr int kBusySteps = 250;  // 5 s
/// Rows of one INSERT: SQLite takes 32,766 parameters.
constexpr std::size_t kRowsPerInsert = 500;
/// Pages of one large transaction that stay in memory until it is committed. Without room for them SQLite writes and
/// reads some of them several times.
constexpr const char* kCachePages = "PRAGMA cache_size=16384";
/// After so many rows their pages are given up again, so that many logs in a process do not keep as many caches (some
/// MB each).
constexpr std::size_t kRowsInCache = 200;
/// Pages in the write-ahead log before they go to their places. What is written again and again, such as the ends of
/// indexes, goes there once for many transactions.
constexpr const char* kWalPages = "PRAGMA wal_autocheckpoint=8192";

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
struct ResetStatement {
  void operator()(sqlite3_stmt* statement) const {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
  }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

/// SQLite calls this while another connection holds a lock. 0: give up.
int wait_busy(void* data, int tries) {
  if (tries >= kBusySteps || static_cast<const Deadline*>(data)->passed()) return 0;
  std::this_thread::sleep_for(kBusyStep);
  return 1;
}

DatabaseError::Kind kind_of(int code) {
  switch (code & 0xFF) {
    case SQLITE_CONSTRAINT:
      return DatabaseError::Kind::conflict;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
    case SQLITE_PROTOCOL:
    case SQLITE_INTERRUPT:
      return DatabaseError::Kind::unavailable;
    default:
      return DatabaseError::Kind::refused;
  }
}

constexpr std::size_t kMostStatements = 32;

/// What the column of a result was declared as; nothing where it is no column of a table.
enum class Declared { nothing, text, integer };

Declared declared_type(sqlite3_stmt* statement, int column) {
  const char* type = sqlite3_column_decltype(statement, column);
  if (!type) return Declared::nothing;
  return sqlite3_stricmp(type, "TEXT") == 0 ? Declared::text : Declared::integer;
}

/// SQLite stores values of any type in any column, unless its table is STRICT and always was.
Value value_of(sqlite3_stmt* statement, int column, Declared declared) {
  const int type = sqlite3_column_type(statement, column);
  if (type == SQLITE_NULL) return std::nullopt;
  if (type == SQLITE_BLOB) return foreign("a BLOB");
  if (type == SQLITE_FLOAT) return foreign("a REAL");
  if (declared == Declared::text && type != SQLITE_TEXT) return foreign("an INTEGER");
  if (declared == Declared::integer && type != SQLITE_INTEGER) return foreign("a TEXT");
  const unsigned char* text = sqlite3_column_text(statement, column);
  const int length = sqlite3_column_bytes(statement, column);
  return std::string(reinterpret_cast<const char*>(text), static_cast<std::size_t>(length));
}

class SqliteConnection : public Connection {
 public:
  SqliteConnection(const std::string& path, Access access, const Deadline& deadline) : path_(path), access_(access) {
    sqlite3* opened = nullptr;
    const int flags = access == Access::read    ? SQLITE_OPEN_READONLY
                      : access == Access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                                : SQLITE_OPEN_READWRITE;
    const int code = sqlite3_open_v2(path.c_str(), &opened, flags, nullptr);
    database_.reset(opened);
    if (code != SQLITE_OK) fail(code);
    sqlite3_extended_result_codes(opened, 1);
    // Others may have written the file: what its schema says runs no function with side effects.
    sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    // SQLite's C interface takes a void*; wait_busy() only reads.
    sqlite3_busy_handler(opened, wait_busy, const_cast<Deadline*>(&deadline));
    if (access != Access::read) {
      // Before the switch to WAL: that fails on a file that is no database, with a clear error.
      run("SELECT COUNT(*) FROM sqlite_master");
      switch_to_wal(const_cast<Deadline*>(&deadline));
      run("PRAGMA synchronous=FULL");
      run(kCachePages);
      run(kWalPages);
    }
  }

  std::vector<Row> run(const std::string& sql, const Row& parameters = {}) override {
    std::vector<Row> rows;
    step_through(sql, parameters, [&](Row row) {
      rows.push_back(std::move(row));
      return true;
    });
    return rows;
  }

  void each(const std::string& sql, const Row& parameters, const std::function<bool(const Row&)>& take) override {
    step_through(sql, parameters, take);
  }

  void insert(const std::string& table, const std::vector<std::string>& columns,
              const std::vector<Row>& rows) override {
    cached_rows_ += rows.size();
    for (std::size_t first = 0; first < rows.size(); first += kRowsPerInsert) {
      const std::size_t count = std::min(kRowsPerInsert, rows.size() - first);
      std::string sql = "INSERT INTO " + table + " (";
      for (std::size_t i = 0; i < columns.size(); ++i) sql.append(i ? ", " : "").append(columns[i]);
      sql += ") VALUES ";
      Row parameters;
      for (std::size_t row = 0; row < count; ++row) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
          parameters.push_back(rows[first + row][i]);
          sql.append(i ? ", ?" : row ? ", (?" : "(?");
        }
        sql += ")";
      }
      run(sql, parameters);
    }
  }

  bool has_table(const std::string& name) override {
    return !run("SELECT name FROM sqlite_master WHERE type = 'table' AND name = $1", {name}).empty();
  }

  // IMMEDIATE: the write lock at once, so that two writers wait for each other instead of failing half-way.
  void begin() override {
    int moved = 0;
    sqlite3_file_control(database_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    if (moved)
      throw DatabaseError(DatabaseError::Kind::unavailable,
                          "The audit database " + path_ + " was moved or deleted while it was in use.");
    run(access_ == Access::read ? "BEGIN" : "BEGIN IMMEDIATE");
  }
  void commit() override {
    run("COMMIT");
    if (cached_rows_ < kRowsInCache) return;
    sqlite3_db_release_memory(database_.get());
    cached_rows_ = 0;
  }
  Dialect dialect() const override { return Dialect::sqlite; }
  void rollback() noexcept override { sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr); }

 private:
  template <class Take>
  void step_through(const std::string& sql, const Row& parameters, const Take& take) {
    sqlite3_stmt* statement = prepare(sql);
    // Ends the statement, so that it holds no lock.
    const std::unique_ptr<sqlite3_stmt, ResetStatement> reset(statement);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const int position = static_cast<int>(i) + 1;
      const int code = parameters[i] ? sqlite3_bind_text64(statement, position, parameters[i]->data(),
                                                           parameters[i]->size(), SQLITE_STATIC, SQLITE_UTF8)
                                     : sqlite3_bind_null(statement, position);
      if (code != SQLITE_OK) fail(code);
    }
    std::vector<Declared> types;
    int code = SQLITE_OK;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
      const int columns = sqlite3_column_count(statement);
      if (types.empty())
        for (int i = 0; i < columns; ++i) types.push_back(declared_type(statement, i));
      Row row;
      row.reserve(types.size());
      for (int i = 0; i < columns; ++i) row.push_back(value_of(statement, i, types[static_cast<std::size_t>(i)]));
      if (!take(std::move(row))) return;
    }
    if (code != SQLITE_DONE) fail(code);
  }

  // Of two that switch at the same time each would wait for the other: SQLite tells one of them that the file is busy
  // without asking the busy handler.
  void switch_to_wal(Deadline* deadline) {
    for (int tries = 0;; ++tries) {
      const int code = sqlite3_exec(database_.get(), "PRAGMA journal_mode=WAL", nullptr, nullptr, nullptr);
      if (code == SQLITE_OK) return;
      if ((code & 0xFF) != SQLITE_BUSY || wait_busy(deadline, tries) == 0) fail(code);
    }
  }

  sqlite3_stmt* prepare(const std::string& sql) {
    const auto known = statements_.find(sql);
    if (known != statements_.end()) return known->second.get();
    // One for each number of rows of an INSERT would be many, and large.
    if (statements_.size() >= kMostStatements) statements_.clear();
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &statement, nullptr);
    if (code != SQLITE_OK) fail(code);
    return statements_.emplace(sql, Statement(statement)).first->second.get();
  }

  [[noreturn]] void fail(int code) const {
    std::string text = "The audit database " + path_ + " cannot be used: ";
    text += database_ ? sqlite3_errmsg(database_.get()) : sqlite3_errstr(code);
    switch (code & 0xFF) {
      case SQLITE_CANTOPEN:
        text += ". Check that its folder exists and that this user may write there.";
        break;
      case SQLITE_NOTADB:
      case SQLITE_CORRUPT:
        text += ". Name another file, or restore this one from a backup.";
        break;
      case SQLITE_READONLY:
      case SQLITE_PERM:
        text += ". Check that this user may write to it and to its folder.";
        break;
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
        text += ". Another program holds it: end that program's transaction.";
        break;
      case SQLITE_FULL:
        text += ". Make room on the disk.";
        break;
      default:
        text += ".";
    }
    throw DatabaseError(kind_of(code), text);
  }

  std::string path_;
  Access access_;
  Database database_;
  std::size_t cached_rows_ = 0;
  std::map<std::string, Statement> statements_;
};

}  // namespace

std::unique_ptr<Connection> connect_sqlite(const std::string& path, Access access, const Deadline& deadline) {
  return std::make_unique<SqliteConnection>(path, access, deadline);
}

}  // namespace audit
