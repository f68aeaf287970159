// SPDX-License-Identifier: LGPL-2.1-or-later
#include "connection.hpp"

#include <cstdlib>
#include <memory>

#include "postgres_connection.hpp"
#include "sqlite_connection.hpp"
#include "text.hpp"

namespace audit {

namespace {

constexpr std::string_view kSqliteScheme = "sqlite:";

bool begins_with(const std::string& text, std::string_view start) { return text.compare(0, start.size(), start) == 0; }

bool is_postgres(const std::string& uri) {
  return begins_with(uri, "postgresql://") || begins_with(uri, "postgres://");
}

/// The same file by whatever name: its folder resolved.
std::string resolved(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  struct Free {
    void operator()(char* text) const { std::free(text); }  // NOLINT(cppcoreguidelines-owning-memory): realpath(3)
  };
  const std::unique_ptr<char, Free> full(::realpath(folder.c_str(), nullptr));
  if (!full) return path;
  return std::string(full.get()) + '/' + (slash == std::string::npos ? path : path.substr(slash + 1));
}

}  // namespace

std::string sqlite_path(const std::string& uri) {
  return begins_with(uri, kSqliteScheme) ? uri.substr(kSqliteScheme.size()) : std::string();
}

bool is_database_uri(const std::string& text) { return is_postgres(text) || begins_with(text, kSqliteScheme); }

void check_uri(const std::string& uri) {
  if (!is_storable(uri)) throw AuditError("The database URI is not UTF-8 text.");
  if (is_postgres(uri)) return check_postgres_uri(uri);
  if (!begins_with(uri, kSqliteScheme))
    throw AuditError("The database \"" + uri +
                     "\" is of no known kind. Use sqlite:PATH or postgresql://USER@HOST/DATABASE.");
  const std::string path = sqlite_path(uri);
  if (path.empty()) throw AuditError("The database \"" + uri + "\" names no file. Write sqlite:PATH.");
  // SQLite's own names for databases that vanish when they are closed.
  if (path.front() == ':')
    throw AuditError("The database \"" + uri + "\" would be lost at the end. Name a file, as in sqlite:steg-audit.db.");
}

std::unique_ptr<Connection> connect(const std::string& uri, Access access, const Deadline& deadline) {
  check_uri(uri);
  if (is_postgres(uri)) return connect_postgres(uri, access, deadline);
  return connect_sqlite(sqlite_path(uri), access, deadline);
}

std::string database_identity(const std::string& uri) {
  return is_postgres(uri) ? postgres_identity(uri) : "sqlite|" + resolved(sqlite_path(uri));
}

std::string without_password(const std::string& uri) { return is_postgres(uri) ? postgres_without_password(uri) : uri; }

}  // namespace audit
