// SPDX-License-Identifier: LGPL-2.1-or-later
#include "postgres_connection.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <map>
#include <string_view>

#include "chain.hpp"
#include "plugins/common/crypto/digest.hpp"

namespace audit {

namespace {

/// Unless the URI has a connect_timeout.
constexpr const char* kConnectSeconds = "5";
constexpr auto kStatementTime = std::chrono::seconds(30);
constexpr std::size_t kCopyBytes = 256 * 1024;
constexpr std::size_t kFetchedRows = 2000;
/// How long a wait goes on before it looks whether the deadline was moved.
constexpr auto kSlice = std::chrono::milliseconds(100);

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
struct FreeText {
  void operator()(char* text) const { PQfreemem(text); }
};
using Result = std::unique_ptr<PGresult, Clear>;
using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;

using Kind = DatabaseError::Kind;

/// One line without an end mark, to go on behind it.
std::string trimmed(const char* text) {
  std::string result;
  for (const char* c = text ? text : ""; *c; ++c) {
    const bool blank = *c == '\n' || *c == '\t' || *c == ' ';
    if (!blank)
      result.push_back(*c);
    else if (!result.empty() && result.back() != ' ')
      result.push_back(' ');
  }
  while (!result.empty() && (result.back() == ' ' || result.back() == '.' || result.back() == '?')) result.pop_back();
  return result;
}

Options parse(const std::string& uri) {
  char* message = nullptr;
  Options options(PQconninfoParse(uri.c_str(), &message));
  const std::unique_ptr<char, FreeText> owner(message);
  if (!options)
    throw AuditError("The database URI does not parse: " + trimmed(message) +
                     ". Write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE.");
  return options;
}

std::string option(const Options& options, std::string_view keyword) {
  for (const PQconninfoOption* item = options.get(); item->keyword; ++item)
    if (keyword == item->keyword) return item->val ? item->val : "";
  return {};
}

/// The keyword list for libpq: what the URI (as "dbname") may override stands before it, the rest behind.
struct Arguments {
  explicit Arguments(const std::string& uri)
      : keywords{"connect_timeout", "dbname", "client_encoding", "fallback_application_name", nullptr},
        values{kConnectSeconds, uri.c_str(), "UTF8", "gst-steg auditlog", nullptr} {}
  const char* keywords[5];
  const char* values[5];
};

std::chrono::seconds connect_time(const std::string& uri) {
  const std::string text = option(parse(uri), "connect_timeout");
  const int seconds = std::atoi(text.empty() ? kConnectSeconds : text.c_str());
  return std::chrono::seconds(seconds > 0 ? seconds : std::atoi(kConnectSeconds));
}

bool is_one_of(std::string_view state, std::initializer_list<std::string_view> states) {
  return std::find(states.begin(), states.end(), state) != states.end();
}

/// SQLSTATE classes: https://www.postgresql.org/docs/15/errcodes-appendix.html
Kind kind_of(std::string_view state) {
  if (is_one_of(state, {"23505", "40001", "40P01", "26000", "42P05"})) return Kind::conflict;
  const std::string_view group = state.substr(0, 2);
  static constexpr std::string_view passing[] = {"08", "25", "40", "53", "55", "57", "58", "XX"};
  return std::find(std::begin(passing), std::end(passing), group) != std::end(passing) ? Kind::unavailable
                                                                                       : Kind::refused;
}

class PostgresConnection : public Connection {
 public:
  PostgresConnection(const std::string& uri, Access access, const Deadline& deadline)
      : deadline_(deadline), access_(access), where_(postgres_without_password(uri)) {
    const Arguments arguments(uri);
    connection_.reset(PQconnectStartParams(arguments.keywords, arguments.values, 1));
    if (!connection_) throw DatabaseError(Kind::unavailable, "There is no memory for a database connection.");
    const auto until = std::min(Deadline::Clock::now() + connect_time(uri), deadline_.get());
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    while (PQstatus(connection_.get()) != CONNECTION_BAD && state != PGRES_POLLING_OK &&
           state != PGRES_POLLING_FAILED) {
      wait(state == PGRES_POLLING_READING ? POLLIN : POLLOUT, until);
      state = PQconnectPoll(connection_.get());
    }
    if (state != PGRES_POLLING_OK) fail_to_connect(arguments);
    if (std::string_view(encoding()) != "UTF8")
      throw DatabaseError(Kind::refused, "The database " + where_ + " stores text as " + encoding() +
                                             ". Create one with ENCODING 'UTF8' for the audit log.");
    PQsetnonblocking(connection_.get(), 1);
    // libpq would print the server's notices on stderr; what matters comes as an error.
    PQsetNoticeProcessor(
        connection_.get(), [](void*, const char*) {}, nullptr);
  }

  std::vector<Row> run(const std::string& sql, const Row& parameters = {}) override {
    // What has parameters comes again and again. Outside a transaction a pooler may change servers at any time.
    if (prepares_ && in_transaction_ && !parameters.empty()) return run_prepared(sql, parameters);
    const auto values = pointers(parameters);
    const int sent = PQsendQueryParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                                       values.data(), nullptr, nullptr, 0);
    if (sent != 1) cut_off();
    return finish();
  }

  void each(const std::string& sql, const Row& parameters, const std::function<bool(const Row&)>& take) override {
    static const std::string fetch = "FETCH " + std::to_string(kFetchedRows) + " FROM steg_rows";
    run("DECLARE steg_rows NO SCROLL CURSOR FOR " + sql, parameters);
    for (bool more = true; more;) {
      const std::vector<Row> rows = run(fetch);
      more = std::all_of(rows.begin(), rows.end(), take) && rows.size() == kFetchedRows;
    }
    run("CLOSE steg_rows");
  }

  void insert(const std::string& table, const std::vector<std::string>& columns,
              const std::vector<Row>& rows) override {
    std::string sql = "COPY " + table + " (";
    for (std::size_t i = 0; i < columns.size(); ++i) sql.append(i ? ", " : "").append(columns[i]);
    if (PQsendQuery(connection_.get(), (sql + ") FROM STDIN").c_str()) != 1) cut_off();
    const Result result = next_result(statement_end());
    if (!result) cut_off();
    if (PQresultStatus(result.get()) != PGRES_COPY_IN) {
      finish();
      fail(result.get());
    }
    std::string text;
    for (const Row& row : rows) {
      for (std::size_t i = 0; i < row.size(); ++i) text.append(i ? "\t" : "").append(copy_text(row[i]));
      text += '\n';
      if (text.size() < kCopyBytes) continue;
      put(text);
      text.clear();
    }
    put(text);
    while (true) {
      const int sent = PQputCopyEnd(connection_.get(), nullptr);
      if (sent < 0) cut_off();
      if (sent == 1) break;
      flush(statement_end());
    }
    finish();
  }

  Dialect dialect() const override { return Dialect::postgres; }

  bool has_table(const std::string& name) override {
    const auto rows =
        run("SELECT COUNT(*) FROM information_schema.tables WHERE table_name = $1 AND table_schema = ANY "
            "(current_schemas(false))",
            {name});
    return to_integer(rows.at(0).at(0)) > 0;
  }

  void begin() override {
    if (access_ == Access::write && !plans_can_be_set_) plans_can_be_set_ = has_setting("plan_cache_mode");
    // The server gives up as well, so that no transaction of ours waits there for a lock after we have gone.
    std::string sql = access_ == Access::read ? "BEGIN READ ONLY" : "BEGIN";
    if (access_ == Access::write) {
      sql += "; SET LOCAL statement_timeout = " + std::to_string(std::chrono::milliseconds(kStatementTime).count());
      // Of a minute that its statistics do not have yet, the planner expects no row, and would read all there are.
      if (*plans_can_be_set_) sql += "; SET LOCAL plan_cache_mode = force_generic_plan";
    }
    if (PQsendQuery(connection_.get(), sql.c_str()) != 1) cut_off();
    finish();
    in_transaction_ = true;
  }
  void commit() override {
    run("COMMIT");
    in_transaction_ = false;
  }
  void rollback() noexcept override {
    in_transaction_ = false;
    try {
      if (PQstatus(connection_.get()) == CONNECTION_OK) run("ROLLBACK");
    } catch (const AuditError&) {
      connection_.reset();
    }
  }

 private:
  /// Servers that speak PostgreSQL's protocol need not have all of its settings; an unknown one would end the
  /// transaction.
  bool has_setting(const std::string& name) {
    return to_integer(run("SELECT COUNT(*) FROM pg_settings WHERE name = $1", {name}).at(0).at(0)) > 0;
  }

  const char* encoding() const {
    const char* name = PQparameterStatus(connection_.get(), "server_encoding");
    return name ? name : "an unknown encoding";
  }

  void wait(short events, Deadline::Clock::time_point until) const {
    while (true) {
      const auto now = Deadline::Clock::now();
      if (now >= std::min(until, deadline_.get()))
        throw DatabaseError(Kind::unavailable, "The database " + where_ + " does not answer in time.");
      const auto slice = std::min<Deadline::Clock::duration>(until - now, kSlice);
      pollfd item{PQsocket(connection_.get()), events, 0};
      const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(slice).count() + 1;
      if (::poll(&item, 1, static_cast<int>(time)) > 0) return;
    }
  }

  static std::vector<const char*> pointers(const Row& parameters) {
    std::vector<const char*> values;
    values.reserve(parameters.size());
    for (const Value& parameter : parameters) values.push_back(parameter ? parameter->c_str() : nullptr);
    return values;
  }

  /// A value in COPY's text format: https://www.postgresql.org/docs/15/sql-copy.html
  static std::string copy_text(const Value& value) {
    if (!value) return "\\N";
    std::string text;
    for (const char c : *value) {
      switch (c) {
        case '\\':
          text += "\\\\";
          break;
        case '\t':
          text += "\\t";
          break;
        case '\n':
          text += "\\n";
          break;
        case '\r':
          text += "\\r";
          break;
        default:
          text += c;
      }
    }
    return text;
  }

  std::vector<Row> run_prepared(const std::string& sql, const Row& parameters) {
    auto statement = statements_.find(sql);
    if (statement == statements_.end()) {
      // The same name always means the same text, also where clients share servers without knowing of each other.
      const std::string name = "steg_" + steg::to_hex(steg::sha256(sql)).substr(0, 32);
      if (PQsendPrepare(connection_.get(), name.c_str(), sql.c_str(), 0, nullptr) != 1) cut_off();
      finish();
      statement = statements_.emplace(sql, name).first;
    }
    const auto values = pointers(parameters);
    const int sent = PQsendQueryPrepared(connection_.get(), statement->second.c_str(), static_cast<int>(values.size()),
                                         values.data(), nullptr, nullptr, 0);
    if (sent != 1) cut_off();
    return finish();
  }

  Deadline::Clock::time_point statement_end() const {
    if (access_ != Access::write) return Deadline::Clock::time_point::max();
    return Deadline::Clock::now() + kStatementTime + std::chrono::seconds(1);
  }

  void put(const std::string& text) {
    while (true) {
      const int sent = PQputCopyData(connection_.get(), text.data(), static_cast<int>(text.size()));
      if (sent < 0) cut_off();
      if (sent == 1) return;
      flush(statement_end());
    }
  }

  /// Sends what is to be sent.
  void flush(Deadline::Clock::time_point until) {
    int left = 0;
    while ((left = PQflush(connection_.get())) == 1) {
      wait(POLLIN | POLLOUT, until);
      if (PQconsumeInput(connection_.get()) != 1) cut_off();
    }
    if (left != 0) cut_off();
  }

  Result next_result(Deadline::Clock::time_point until) {
    flush(until);
    while (PQisBusy(connection_.get()) == 1) {
      wait(POLLIN, until);
      if (PQconsumeInput(connection_.get()) != 1) cut_off();
    }
    return Result(PQgetResult(connection_.get()));
  }

  /// Reads all results of one request.
  std::vector<Row> finish() {
    const auto until = statement_end();
    std::vector<Row> rows;
    Result failed;
    while (Result result = next_result(until)) {
      const ExecStatusType status = PQresultStatus(result.get());
      if (status == PGRES_TUPLES_OK)
        read(result.get(), rows);
      else if (status != PGRES_COMMAND_OK && !failed)
        failed = std::move(result);
    }
    if (failed) fail(failed.get());
    return rows;
  }

  static void read(const PGresult* result, std::vector<Row>& rows) {
    for (int y = 0; y < PQntuples(result); ++y) {
      Row row;
      for (int x = 0; x < PQnfields(result); ++x)
        row.push_back(PQgetisnull(result, y, x) ? Value() : Value(PQgetvalue(result, y, x)));
      rows.push_back(std::move(row));
    }
  }

  [[noreturn]] void fail(const PGresult* result) {
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    // A pooler that changes servers between transactions: statements of one are unknown to the other.
    if (state && is_one_of(state, {"26000", "42P05"})) prepares_ = false;
    const Kind kind = state ? kind_of(state) : Kind::unavailable;
    std::string text = trimmed(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
    if (text.empty()) text = trimmed(PQerrorMessage(connection_.get()));
    throw DatabaseError(
        kind, "The database " + where_ + " reports: " + text + (state ? std::string(" (") + state + ")." : "."));
  }

  [[noreturn]] void cut_off() const {
    throw DatabaseError(Kind::unavailable,
                        "The connection to the database " + where_ +
                            " is lost: " + trimmed(connection_ ? PQerrorMessage(connection_.get()) : nullptr) + ".");
  }

  [[noreturn]] void fail_to_connect(const Arguments& arguments) const {
    const std::string text =
        "The database " + where_ + " cannot be opened: " + trimmed(PQerrorMessage(connection_.get())) + ". ";
    if (text.find("certificate") != std::string::npos)
      throw DatabaseError(Kind::unavailable, text +
                                                 "Check the server's certificate: its dates, its host name, and who "
                                                 "signed it (sslrootcert).");
    // libpq gives no code for a failed connection. A server that answers a ping has said no to us.
    if (!deadline_.passed() && PQpingParams(arguments.keywords, arguments.values, 1) == PQPING_OK)
      throw DatabaseError(Kind::refused, text + "Check user, password and database name.");
    throw DatabaseError(Kind::unavailable, text + "Check that the server runs, and host and port.");
  }

  const Deadline& deadline_;
  Access access_;
  bool in_transaction_ = false;
  std::optional<bool> plans_can_be_set_;  ///< nothing before it was asked
  /// Writers alone, who try again where a pooler has changed servers; readers would gain little.
  bool prepares_ = access_ == Access::write;
  std::map<std::string, std::string> statements_;  ///< names of prepared ones by their text
  std::string where_;
  std::unique_ptr<PGconn, Finish> connection_;
};

}  // namespace

std::unique_ptr<Connection> connect_postgres(const std::string& uri, Access access, const Deadline& deadline) {
  check_postgres_uri(uri);
  return std::make_unique<PostgresConnection>(uri, access, deadline);
}

void check_postgres_uri(const std::string& uri) {
  // libpq looks at the ports only when it connects. A list has one for each host; an empty one is the default.
  std::string ports = option(parse(uri), "port") + ',';
  for (std::size_t comma = 0; (comma = ports.find(',')) != std::string::npos; ports.erase(0, comma + 1)) {
    const std::string port = ports.substr(0, comma);
    const bool digits = port.find_first_not_of("0123456789") == std::string::npos && port.size() <= 5;
    if (!digits || (!port.empty() && (std::stoi(port) < 1 || std::stoi(port) > 65535)))
      throw AuditError("The database URI has the port \"" + port + "\". A port is a number from 1 to 65535.");
  }
}

std::string postgres_identity(const std::string& uri) {
  const Options options = parse(uri);
  std::string identity = "postgresql";
  for (const char* part : {"service", "host", "hostaddr", "port", "dbname", "user"})
    identity.append("|").append(option(options, part));
  return identity;
}

std::string postgres_without_password(const std::string& uri) {
  const Options options = parse(uri);
  const std::string user = option(options, "user");
  const std::string host = option(options, "host");
  const std::string port = option(options, "port");
  return "postgresql://" + (user.empty() ? "" : user + "@") + (host.empty() ? option(options, "hostaddr") : host) +
         (port.empty() ? "" : ":" + port) + "/" + option(options, "dbname");
}

}  // namespace audit
