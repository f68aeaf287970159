// The tables of the audit log: how they are made, checked and brought up to date.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "connection.hpp"

namespace audit {

/// 3 in SQLite, where the tables have been STRICT since: they take no value of another type than their columns'. In
/// PostgreSQL they always were, and are of version 2 still.
int schema_version(const Connection& connection);

/// The query of the view steg_audit_record: one row for each ID, address, minute and session. first and last are those
/// of the frames known so far. What must not be deceived asks this query: who owns the database can change the view.
extern const char* const kRecords;

/// How PostgreSQL keeps the rows. SQLite knows only plain tables.
enum class Layout {
  months,  ///< a partition for each month
  plain,   ///< one table: for databases that speak PostgreSQL's protocol but not its partitions
};

/// Creates the tables if there are none, brings those of an earlier version up to date, and adds partitions for the
/// months to come where they are missing and this user may. Throws DatabaseError, of kind refused if they are of a
/// later version.
void prepare_schema(Connection& connection, Layout layout = Layout::months);

/// Throws DatabaseError unless the tables are there, of this version.
void check_schema(Connection& connection);

/// What of the tables is not as it was made, and could show other rows to one question than to another: a view in place
/// of a table, another type or collation of a column, row-level security, and the like. Sentences; empty if all is
/// well. Extra indexes and triggers are the owner's business: they change nothing of what a question finds.
std::vector<std::string> schema_findings(Connection& connection);

/// check_schema(), and no schema_findings(). Throws DatabaseError.
void check_tables(Connection& connection);

struct Migration {
  int from_version = 0;  ///< 0: there were no tables
  int partitions = 0;    ///< how many were added
  bool partitioned = false;
};
/// What prepare_schema() does, and tables of the other layout are rewritten. `months`: how many to prepare ahead.
/// Throws DatabaseError also where this user may not add partitions.
Migration migrate(Connection& connection, Layout layout, int months);

}  // namespace audit
