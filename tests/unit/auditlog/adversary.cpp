// SPDX-License-Identifier: LGPL-2.1-or-later
#include "adversary.hpp"

#include <utility>

#include "event.hpp"

namespace test {

namespace {

using Statements = std::vector<std::string>;

std::size_t below(Random& random, std::size_t end) { return random() % end; }

template <class Items>
const auto& one_of(Random& random, const Items& items) {
  return items[below(random, std::size(items))];
}

bool is_number(const std::string& column) {
  for (const char* name : {"seq", "record", "first_pts", "last_pts", "frames_encoded", "frames_repeated",
                           "frames_residual", "through_seq", "first_seq", "last_seq", "version"})
    if (column == name) return true;
  return false;
}

struct Place {
  std::string table;
  std::string column;
};

Place any_place(Random& random) {
  static const std::vector<std::string> batch{"stream", "first_seq", "last_seq", "minute", "hash"};
  const std::size_t kind = below(random, 12);
  if (kind == 0) return {"steg_audit_schema", "version"};
  if (kind == 1) return {"steg_audit_batch", one_of(random, batch)};
  return {"steg_audit_event", audit::kColumnNames[below(random, audit::kColumns)]};
}

std::string number(Random& random, int from, int to) {
  return std::to_string(from + static_cast<int>(below(random, static_cast<std::size_t>(to - from + 1))));
}

std::string any_stream(Random& random) {
  static const std::vector<std::string> streams{"'live'", "'other'", "'Live'"};
  return one_of(random, streams);
}

/// Which rows of a table.
std::string any_rows(Random& random, const std::string& table = "steg_audit_event") {
  if (table == "steg_audit_schema") return "1 = 1";
  const std::string one = table == "steg_audit_batch" ? "last_seq" : "seq";
  const std::string stream = "stream = " + any_stream(random);
  switch (below(random, table == "steg_audit_batch" ? 4 : 8)) {
    case 0:
      return "1 = 1";
    case 1:
      return stream;
    case 2:
      return stream + " AND " + one + " > " + number(random, 1, 40);
    case 3:
      return stream + " AND " + one + " < " + number(random, 1, 40);
    case 4:
      return "id = 'id" + number(random, 0, 4) + "'";
    case 5:
      return "event = 'close'";
    default:
      return stream + " AND " + one + " = " + number(random, 1, 40);
  }
}

/// A value made of the one that is there, %: as SQLite writes it, and as PostgreSQL does for text and for numbers.
struct Value {
  const char* name;
  const char* sqlite;
  const char* postgres_text;
  const char* postgres_number;
};

constexpr Value kValues[] = {
    {"as BLOB", "CAST(% AS BLOB)", nullptr, nullptr},
    {"as TEXT", "CAST(% AS TEXT)", nullptr, nullptr},
    {"as REAL", "CAST(% AS REAL)", nullptr, nullptr},
    {"as INTEGER", "CAST(% AS INTEGER)", nullptr, nullptr},
    {"as NUMERIC", "CAST(% AS NUMERIC)", nullptr, nullptr},
    {"NULL", "NULL", "NULL", "NULL"},
    {"empty text", "''", "''", nullptr},
    {"empty BLOB", "x''", nullptr, nullptr},
    {"NUL behind", "% || char(0)", nullptr, nullptr},
    {"NUL and more behind", "% || char(0) || 'x'", nullptr, nullptr},
    {"NUL in front", "char(0) || %", nullptr, nullptr},
    {"blank behind", "% || ' '", "% || ' '", nullptr},
    {"blank in front", "' ' || %", "' ' || %", nullptr},
    {"tab behind", "% || char(9)", "% || chr(9)", nullptr},
    {"line break behind", "% || char(10)", "% || chr(10)", nullptr},
    {"no-break space", "% || char(160)", "% || chr(160)", nullptr},
    {"zero-width space", "% || char(8203)", "% || chr(8203)", nullptr},
    {"byte order mark", "char(65279) || %", "chr(65279) || %", nullptr},
    {"right-to-left override", "char(8238) || %", "chr(8238) || %", nullptr},
    {"upper case", "upper(%)", "upper(%)", nullptr},
    {"lower case", "lower(%)", "lower(%)", nullptr},
    {"Cyrillic look-alikes", "replace(replace(%, 'i', char(1110)), 'e', char(1077))",
     "replace(replace(%, 'i', chr(1110)), 'e', chr(1077))", nullptr},
    {"full-width digits", "replace(%, '1', char(65297))", "replace(%, '1', chr(65297))", nullptr},
    {"combining mark", "% || char(776)", "% || chr(776)", nullptr},
    {"bytes that are not UTF-8", "CAST(CAST(% AS BLOB) || x'ff' AS TEXT)", nullptr, nullptr},
    {"overlong UTF-8", "CAST(x'c1a1' || CAST(% AS BLOB) AS TEXT)", nullptr, nullptr},
    {"one character less", "substr(%, 1, length(%) - 1)", "left(%, -1)", nullptr},
    {"first character gone", "substr(%, 2)", "substr(%, 2)", nullptr},
    {"twice", "% || %", "% || %", nullptr},
    {"hexadecimal", "hex(%)", "encode(convert_to(%, 'UTF8'), 'hex')", nullptr},
    {"quoted", "quote(%)", "quote_literal(%)", nullptr},
    {"zero in front", "'0' || %", "'0' || %", nullptr},
    {"plus in front", "'+' || %", "'+' || %", nullptr},
    {"point zero", "% || '.0'", "% || '.0'", nullptr},
    {"exponent", "% || 'e0'", "% || 'e0'", nullptr},
    {"zero", "0", "'0'", "0"},
    {"minus one", "-1", "'-1'", "-1"},
    {"largest number", "9223372036854775807", nullptr, "9223372036854775807"},
    {"smallest number", "(-9223372036854775807 - 1)", nullptr, "(-9223372036854775807 - 1)"},
    {"beyond the largest", "9223372036854775808", nullptr, nullptr},
    {"infinity", "9e999", nullptr, nullptr},
    {"one more", "% + 1", nullptr, "% + 1"},
    {"one less", "% - 1", nullptr, "% - 1"},
    {"a half more", "% + 0.5", nullptr, nullptr},
    {"negative", "-%", nullptr, "-%"},
    {"tiny bit more", "% + 1e-12", nullptr, nullptr},
    {"random bytes", "randomblob(8)", nullptr, nullptr},
    {"random hash", "lower(hex(randomblob(32)))", "md5(random()::text) || md5(random()::text)", nullptr},
    {"another row's", "(SELECT max(%) FROM @)", "(SELECT max(%) FROM @)", "(SELECT max(%) FROM @)"},
    {"the least row's", "(SELECT min(%) FROM @)", "(SELECT min(%) FROM @)", "(SELECT min(%) FROM @)"},
};

std::string filled(const std::string& pattern, const Place& place) {
  std::string text;
  for (const char c : pattern) text += c == '%' ? place.column : c == '@' ? place.table : std::string(1, c);
  return text;
}

std::string update(const Place& place, const std::string& value, const std::string& rows) {
  return "UPDATE " + place.table + " SET " + place.column + " = " + value + " WHERE " + rows;
}

/// The same edit on tables that take anything, whose text says afterwards that they are as they were.
Statements unlocked(const Statements& edit) {
  Statements all{
      "CREATE TEMP TABLE kept AS SELECT name, sql FROM sqlite_master", "PRAGMA writable_schema=ON",
      "UPDATE sqlite_master SET sql = replace(replace(replace(replace(sql, ' STRICT', ''), ' NOT NULL', ''), ' TEXT', "
      "''), ' INTEGER', '') WHERE type = 'table' AND name LIKE 'steg%'",
      "PRAGMA writable_schema=RESET"};
  all.insert(all.end(), edit.begin(), edit.end());
  for (const char* sql : {"PRAGMA writable_schema=ON",
                          "UPDATE sqlite_master SET sql = (SELECT k.sql FROM kept k WHERE k.name = "
                          "sqlite_master.name) WHERE name IN (SELECT name FROM kept)",
                          "PRAGMA writable_schema=RESET"})
    all.emplace_back(sql);
  return all;
}

/// Columns of a row that is a copy of another but for some.
std::string copied(const std::vector<std::pair<std::string, std::string>>& changed, const std::string& rows) {
  std::string columns;
  std::string values;
  for (const char* name : audit::kColumnNames) {
    std::string value = name;
    for (const auto& [column, other] : changed)
      if (column == name) value = other;
    columns.append(columns.empty() ? "" : ", ").append(name);
    values.append(values.empty() ? "" : ", ").append(value);
  }
  return "INSERT INTO steg_audit_event (" + columns + ") SELECT " + values + " FROM steg_audit_event WHERE " + rows;
}

void add_values(std::vector<Kind>& kinds, Store store) {
  for (const Value& value : kValues) {
    if (store == Store::postgres) {
      if (!value.postgres_text && !value.postgres_number) continue;
      kinds.push_back({value.name, [value](Random& random) {
                         Place place = any_place(random);
                         while (!(is_number(place.column) ? value.postgres_number : value.postgres_text))
                           place = any_place(random);
                         const char* text = is_number(place.column) ? value.postgres_number : value.postgres_text;
                         return Statements{update(place, filled(text, place), any_rows(random, place.table))};
                       }});
      continue;
    }
    const auto edit = [value](Random& random) {
      const Place place = any_place(random);
      return Statements{update(place, filled(value.sqlite, place), any_rows(random, place.table))};
    };
    kinds.push_back({value.name, edit});
    kinds.push_back(
        {std::string(value.name) + ", tables unlocked", [edit](Random& random) { return unlocked(edit(random)); }});
  }
}

/// Edits that are the same text in both kinds of database.
void add_rows(std::vector<Kind>& kinds) {
  const auto add = [&](const char* name, std::function<Statements(Random&)> edit) {
    kinds.push_back({name, std::move(edit)});
  };
  const auto plain = [&](const char* name, const Statements& edit) { add(name, [edit](Random&) { return edit; }); };
  add("rows deleted", [](Random& r) { return Statements{"DELETE FROM steg_audit_event WHERE " + any_rows(r)}; });
  add("a range deleted", [](Random& r) {
    const int first = static_cast<int>(below(r, 30)) + 1;
    return Statements{"DELETE FROM steg_audit_event WHERE stream = " + any_stream(r) + " AND seq BETWEEN " +
                      std::to_string(first) + " AND " + std::to_string(first + static_cast<int>(below(r, 8)))};
  });
  add("a range deleted and the gap closed", [](Random& r) {
    const int first = static_cast<int>(below(r, 30)) + 1;
    const std::string of = " WHERE stream = " + any_stream(r) + " AND seq ";
    return Statements{
        "DELETE FROM steg_audit_event" + of + "BETWEEN " + std::to_string(first) + " AND " + std::to_string(first + 1),
        "UPDATE steg_audit_event SET seq = 2 - seq" + of + "> " + std::to_string(first + 1),
        "UPDATE steg_audit_event SET seq = -seq" + of + "< 0"};
  });
  add("the tail deleted", [](Random& r) {
    return Statements{"DELETE FROM steg_audit_event WHERE stream = " + any_stream(r) + " AND seq > " +
                      number(r, 1, 40)};
  });
  add("the tail deleted, and its batches made to fit", [](Random& r) {
    const std::string stream = any_stream(r);
    const std::string last = number(r, 5, 40);
    return Statements{"DELETE FROM steg_audit_event WHERE stream = " + stream + " AND seq > " + last,
                      "DELETE FROM steg_audit_batch WHERE stream = " + stream + " AND first_seq > " + last,
                      "UPDATE steg_audit_batch SET last_seq = " + last +
                          ", hash = (SELECT hash FROM steg_audit_event WHERE stream = " + stream +
                          " AND seq = " + last + ") WHERE stream = " + stream + " AND last_seq > " + last};
  });
  add("a stream deleted", [](Random& r) {
    const std::string of = " WHERE stream = " + any_stream(r);
    return Statements{"DELETE FROM steg_audit_event" + of, "DELETE FROM steg_audit_batch" + of};
  });
  add("a stream deleted but for its batches",
      [](Random& r) { return Statements{"DELETE FROM steg_audit_event WHERE stream = " + any_stream(r)}; });
  add("the head deleted", [](Random& r) {
    return Statements{"DELETE FROM steg_audit_event WHERE stream = " + any_stream(r) + " AND seq < " +
                      number(r, 2, 20)};
  });
  plain("everything deleted", {"DELETE FROM steg_audit_event", "DELETE FROM steg_audit_batch"});
  plain("notes of purges deleted", {"DELETE FROM steg_audit_event WHERE event IN ('purge', 'anonymise')"});
  add("a row copied behind the end", [](Random& r) {
    const std::string stream = any_stream(r);
    return Statements{copied(
        {{"seq", "(SELECT max(seq) + 1 FROM steg_audit_event WHERE stream = " + stream + ")"}, {"session", "'forged'"}},
        "stream = " + stream + " AND seq = " + number(r, 5, 30))};
  });
  add("a row copied in front", [](Random& r) {
    return Statements{copied({{"seq", number(r, -5, 0)}, {"session", "'forged'"}},
                             "stream = " + any_stream(r) + " AND seq = " + number(r, 5, 30))};
  });
  add("a row copied below all numbers, in no minute", [](Random& r) {
    return Statements{copied({{"seq", "(-9223372036854775807 - 1)"},
                              {"minute", "''"},
                              {"session", "'forged'"},
                              {"event", "'open'"},
                              {"id", "'mallory'"}},
                             "stream = " + any_stream(r) + " AND seq = " + number(r, 5, 30))};
  });
  add("a row copied above all numbers", [](Random& r) {
    return Statements{copied({{"seq", "9223372036854775807"}, {"session", "'forged'"}},
                             "stream = " + any_stream(r) + " AND seq = " + number(r, 5, 30))};
  });
  add("a row copied to another minute", [](Random& r) {
    return Statements{
        copied({{"minute", "'2031-01-01T00:00Z'"}}, "stream = " + any_stream(r) + " AND seq = " + number(r, 5, 30))};
  });
  add("rows copied to another stream", [](Random& r) {
    return Statements{copied({{"stream", "'new'"}, {"session", "'forged'"}}, "stream = " + any_stream(r))};
  });
  add("rows copied to a stream without a name", [](Random& r) {
    return Statements{copied({{"stream", "''"}, {"session", "'forged'"}}, "stream = " + any_stream(r))};
  });
  add("a forged record", [](Random& r) {
    const std::string stream = any_stream(r);
    const std::string end = "(SELECT max(seq) FROM steg_audit_event WHERE stream = " + stream + ")";
    return Statements{copied({{"seq", end + " + 1"}, {"id", "'mallory'"}, {"record", "999"}, {"event", "'open'"}},
                             "stream = " + stream + " AND seq = " + end),
                      copied({{"seq", end + " + 1"}, {"id", "'mallory'"}, {"record", "999"}, {"event", "'close'"}},
                             "stream = " + stream + " AND seq = " + end)};
  });
  add("a forged note of a purge", [](Random& r) {
    const std::string stream = any_stream(r);
    const std::string end = "(SELECT max(seq) FROM steg_audit_event WHERE stream = " + stream + ")";
    const std::string through = number(r, 5, 20);
    return Statements{copied({{"seq", end + " + 1"},
                              {"event", "'purge'"},
                              {"record", "998"},
                              {"through_seq", through},
                              {"through_hash", "(SELECT x.hash FROM steg_audit_event x WHERE x.stream = " + stream +
                                                   " AND x.seq = " + through + ")"}},
                             "stream = " + stream + " AND seq = " + end),
                      "DELETE FROM steg_audit_event WHERE stream = " + stream + " AND seq <= " + through};
  });
  add("a note of a purge that reaches further", [](Random& r) {
    const std::string through = number(r, 6, 20);
    return Statements{"UPDATE steg_audit_event SET through_seq = " + through +
                          ", through_hash = (SELECT x.hash FROM steg_audit_event x WHERE x.stream = "
                          "steg_audit_event.stream AND x.seq = " +
                          through + ") WHERE event = 'purge'",
                      "DELETE FROM steg_audit_event WHERE stream = 'live' AND seq <= " + through};
  });
  add("two rows change their values", [](Random& r) {
    const std::string column = audit::kColumnNames[below(r, audit::kColumns)];
    const std::string stream = any_stream(r);
    const std::string a = number(r, 5, 15);
    const std::string b = number(r, 16, 30);
    return Statements{"UPDATE steg_audit_event SET " + column + " = (SELECT o." + column +
                      " FROM steg_audit_event o WHERE o.stream = " + stream +
                      " AND o.seq = CASE steg_audit_event.seq WHEN " + a + " THEN " + b + " ELSE " + a +
                      " END) WHERE stream = " + stream + " AND seq IN (" + a + ", " + b + ")"};
  });
  add("two rows change places", [](Random& r) {
    const std::string of = " WHERE stream = " + any_stream(r) + " AND seq = ";
    const std::string a = number(r, 5, 15);
    const std::string b = number(r, 16, 30);
    return Statements{"UPDATE steg_audit_event SET seq = -1" + of + a,
                      "UPDATE steg_audit_event SET seq = " + a + of + b,
                      "UPDATE steg_audit_event SET seq = " + b + of + "-1"};
  });
  add("rows renumbered", [](Random& r) {
    const std::string of = " WHERE stream = " + any_stream(r);
    return Statements{"UPDATE steg_audit_event SET seq = -seq - " + number(r, 1, 3) + of,
                      "UPDATE steg_audit_event SET seq = -seq" + of};
  });
  add("rows with negative numbers",
      [](Random& r) { return Statements{"UPDATE steg_audit_event SET seq = -seq WHERE " + any_rows(r)}; });
  add("rows moved to another stream",
      [](Random& r) { return Statements{"UPDATE steg_audit_event SET stream = 'new' WHERE " + any_rows(r)}; });
  add("the tail moved to another stream, with its batches", [](Random& r) {
    const std::string of = " WHERE stream = " + any_stream(r) + " AND ";
    const std::string last = number(r, 5, 30);
    return Statements{"UPDATE steg_audit_event SET stream = 'new'" + of + "seq > " + last,
                      "UPDATE steg_audit_batch SET stream = 'new'" + of + "first_seq > " + last};
  });
  add("a stream renamed everywhere", [](Random& r) {
    const std::string of = " SET stream = 'new' WHERE stream = " + any_stream(r);
    return Statements{"UPDATE steg_audit_event" + of, "UPDATE steg_audit_batch" + of};
  });
  plain("two streams change names", {"UPDATE steg_audit_event SET stream = 'x' WHERE stream = 'live'",
                                     "UPDATE steg_audit_event SET stream = 'live' WHERE stream = 'other'",
                                     "UPDATE steg_audit_event SET stream = 'other' WHERE stream = 'x'"});
  add("open becomes close", [](Random& r) {
    return Statements{"UPDATE steg_audit_event SET event = 'close', record = -record WHERE event = 'open' AND " +
                      any_rows(r)};
  });
  add("an unknown kind of row",
      [](Random& r) { return Statements{"UPDATE steg_audit_event SET event = 'note' WHERE " + any_rows(r)}; });
  add("rows become notes of an anonymisation", [](Random& r) {
    return Statements{"UPDATE steg_audit_event SET event = 'anonymise', through_seq = 1000 WHERE " + any_rows(r)};
  });
  add("addresses removed", [](Random& r) {
    return Statements{"UPDATE steg_audit_event SET client_ip = '', client_ip_salt = NULL WHERE seq > 12 AND " +
                      any_rows(r)};
  });
  add("addresses changed", [](Random& r) {
    return Statements{"UPDATE steg_audit_event SET client_ip = '198.51.100.9' WHERE " + any_rows(r)};
  });
  add("addresses put where they were removed", [](Random&) {
    return Statements{"UPDATE steg_audit_event SET client_ip = '198.51.100.9' WHERE client_ip_salt IS NULL"};
  });
  add("salts put where they were removed", [](Random&) {
    return Statements{
        "UPDATE steg_audit_event SET client_ip_salt = '00000000000000000000000000000000' WHERE client_ip_salt IS NULL"};
  });
  add("salts of the wrong kind", [](Random& r) {
    return Statements{"UPDATE steg_audit_event SET client_ip_salt = upper(client_ip_salt) || 'Z' WHERE " + any_rows(r)};
  });
  add("salts in upper case", [](Random& r) {
    return Statements{"UPDATE steg_audit_event SET client_ip_salt = upper(client_ip_salt) WHERE " + any_rows(r)};
  });
  add("proofs removed", [](Random& r) {
    return Statements{"UPDATE steg_audit_event SET client_ip_proof = NULL, client_ip_salt = NULL WHERE " + any_rows(r)};
  });
  add("numbers of a purge in other rows", [](Random& r) {
    return Statements{"UPDATE steg_audit_event SET through_seq = 3, through_hash = 'x' WHERE " + any_rows(r)};
  });
  add("batches deleted",
      [](Random& r) { return Statements{"DELETE FROM steg_audit_batch WHERE " + any_rows(r, "steg_audit_batch")}; });
  add("a batch moved", [](Random& r) {
    return Statements{"UPDATE steg_audit_batch SET first_seq = first_seq + 1000, last_seq = last_seq + 1000 WHERE " +
                      any_rows(r, "steg_audit_batch")};
  });
  add("a forged batch", [](Random& r) {
    return Statements{"INSERT INTO steg_audit_batch (stream, first_seq, last_seq, minute, hash) VALUES (" +
                      any_stream(r) + ", " + one_of(r, std::vector<std::string>{"9223372036854775807", "-5", "5000"}) +
                      ", " + one_of(r, std::vector<std::string>{"9223372036854775807", "-5", "3"}) + ", '', 'x')"};
  });
  add("a batch for a stream that is none", [](Random&) {
    return Statements{
        "INSERT INTO steg_audit_batch (stream, first_seq, last_seq, minute, hash) VALUES ('new', 1, 4, '', 'x')"};
  });
  add("another version",
      [](Random& r) { return Statements{"UPDATE steg_audit_schema SET version = " + number(r, -1, 5)}; });
  plain("no version", {"DELETE FROM steg_audit_schema"});
  plain("two versions", {"INSERT INTO steg_audit_schema (version) VALUES (77)"});
  plain("no view", {"DROP VIEW steg_audit_record"});
  plain("no tables", {"DROP VIEW steg_audit_record", "DROP TABLE steg_audit_event"});
  plain("no batches", {"DROP TABLE steg_audit_batch"});
  plain("no indexes", {"DROP INDEX steg_audit_event_id", "DROP INDEX steg_audit_event_minute"});
  plain("more indexes", {"CREATE INDEX more ON steg_audit_event (stream, id) WHERE id <> 'id1'"});
  plain("one more column", {"ALTER TABLE steg_audit_event ADD COLUMN more TEXT"});
  plain("columns change names", {"ALTER TABLE steg_audit_event RENAME COLUMN id TO x",
                                 "ALTER TABLE steg_audit_event RENAME COLUMN client_ip TO id",
                                 "ALTER TABLE steg_audit_event RENAME COLUMN x TO client_ip"});
  plain("a view in place of the table", {"DROP VIEW steg_audit_record", "ALTER TABLE steg_audit_event RENAME TO hidden",
                                         "CREATE VIEW steg_audit_event AS SELECT * FROM hidden WHERE id <> 'id1'"});
  plain("a view that shows rows at times",
        {"DROP VIEW steg_audit_record", "ALTER TABLE steg_audit_event RENAME TO hidden",
         "CREATE VIEW steg_audit_event AS SELECT * FROM hidden WHERE id <> 'id1' OR random() > 0"});
  plain("a table without rules in place of the table",
        {"DROP VIEW steg_audit_record", "ALTER TABLE steg_audit_event RENAME TO hidden",
         "CREATE TABLE steg_audit_event AS SELECT * FROM hidden"});
  plain("a table with a forged row in place of the table",
        {"DROP VIEW steg_audit_record", "ALTER TABLE steg_audit_event RENAME TO hidden",
         "CREATE TABLE steg_audit_event AS SELECT * FROM hidden",
         copied({{"seq", "NULL"}, {"id", "'mallory'"}, {"session", "'forged'"}}, "stream = 'live' AND seq = 20")});
}

void add_sqlite(std::vector<Kind>& kinds) {
  const auto add = [&](const char* name, std::function<Statements(Random&)> edit) {
    kinds.push_back({name, std::move(edit)});
  };
  const auto plain = [&](const char* name, const Statements& edit) { add(name, [edit](Random&) { return edit; }); };
  plain("a trigger that deletes", {"CREATE TRIGGER t AFTER INSERT ON steg_audit_event BEGIN DELETE FROM "
                                   "steg_audit_event WHERE id = NEW.id; END"});
  plain("a temporary view", {"CREATE TEMP VIEW steg_audit_event AS SELECT * FROM main.steg_audit_event WHERE 0"});
  add("a row with another rowid", [](Random& r) {
    return Statements{"UPDATE steg_audit_event SET rowid = " +
                      one_of(r, std::vector<std::string>{"-9223372036854775807", "9223372036854775807", "0"}) +
                      " WHERE stream = 'live' AND seq = " + number(r, 5, 30)};
  });
  add("a column that ignores case", [](Random&) {
    return Statements{"PRAGMA writable_schema=ON",
                      "UPDATE sqlite_master SET sql = replace(sql, 'id TEXT NOT NULL,', 'id TEXT COLLATE NOCASE NOT "
                      "NULL,') WHERE name = 'steg_audit_event'",
                      "PRAGMA writable_schema=RESET", "REINDEX"};
  });
  // An index that lacks rows and says that it has all: rows are hidden from who asks by it.
  for (const auto& [name, columns] : {std::pair<const char*, const char*>{"steg_audit_event_id", "(id, minute)"},
                                      {"steg_audit_event_client_ip", "(client_ip, minute)"},
                                      {"steg_audit_event_minute", "(minute)"}})
    plain((std::string(name) + " lacks rows").c_str(),
          {"DROP INDEX " + std::string(name),
           "CREATE INDEX " + std::string(name) + " ON steg_audit_event " + columns + " WHERE id <> 'id1'",
           "PRAGMA writable_schema=ON",
           "UPDATE sqlite_master SET sql = replace(sql, ' WHERE id <> ''id1''', '') WHERE name = '" +
               std::string(name) + "'",
           "PRAGMA writable_schema=RESET"});
  for (const auto& [name, table] :
       {std::pair<const char*, const char*>{"sqlite_autoindex_steg_audit_event_1", "stream, seq"},
        {"sqlite_autoindex_steg_audit_event_2", "session, record, event"}})
    plain((std::string(name) + " lacks rows").c_str(),
          {"CREATE INDEX x ON steg_audit_event (" + std::string(table) + ") WHERE id <> 'id1'",
           "PRAGMA writable_schema=ON",
           "UPDATE sqlite_master SET rootpage = (SELECT m.rootpage FROM sqlite_master m WHERE m.name = 'x') WHERE "
           "name = '" +
               std::string(name) + "'",
           "DELETE FROM sqlite_master WHERE name = 'x'", "PRAGMA writable_schema=RESET"});
  plain("two indexes change places",
        {"PRAGMA writable_schema=ON",
         "UPDATE sqlite_master SET rootpage = (SELECT m.rootpage FROM sqlite_master m WHERE m.name = "
         "'steg_audit_event_client_ip') WHERE name = 'steg_audit_event_id'",
         "PRAGMA writable_schema=RESET"});
  plain("two tables change places",
        {"PRAGMA writable_schema=ON",
         "UPDATE sqlite_master SET rootpage = (SELECT m.rootpage FROM sqlite_master m WHERE m.name = "
         "'steg_audit_batch') WHERE name = 'steg_audit_event'",
         "PRAGMA writable_schema=RESET"});
  plain("another table behind the name",
        {"CREATE TABLE copy AS SELECT * FROM steg_audit_event WHERE id <> 'id1'", "PRAGMA writable_schema=ON",
         "UPDATE sqlite_master SET rootpage = (SELECT m.rootpage FROM sqlite_master m WHERE m.name = 'copy') WHERE "
         "name = 'steg_audit_event'",
         "DELETE FROM sqlite_master WHERE name = 'copy'", "PRAGMA writable_schema=RESET"});
  plain("another view", {"DROP VIEW steg_audit_record", "CREATE VIEW steg_audit_record AS SELECT 'x' AS id"});
  plain("a virtual table in place of the table",
        {"DROP VIEW steg_audit_record", "ALTER TABLE steg_audit_event RENAME TO hidden",
         "CREATE VIRTUAL TABLE steg_audit_event USING fts5(stream, seq, event)"});
  plain("false statistics", {"ANALYZE", "UPDATE sqlite_stat1 SET stat = '1000000 1 1'"});
  plain("generated columns",
        {"PRAGMA writable_schema=ON",
         "UPDATE sqlite_master SET sql = replace(sql, 'client_ip TEXT NOT NULL', 'client_ip TEXT NOT NULL AS (id)') "
         "WHERE name = 'steg_audit_event'",
         "PRAGMA writable_schema=RESET"});
  plain("a schema of version 2",
        {"PRAGMA writable_schema=ON", "UPDATE sqlite_master SET sql = replace(sql, ' STRICT', '')",
         "PRAGMA writable_schema=RESET", "UPDATE steg_audit_schema SET version = 2",
         "UPDATE steg_audit_event SET event = CAST(event AS BLOB) WHERE id = 'id1'"});
  plain("packed anew", {"VACUUM"});
  plain("names in upper case",
        {"PRAGMA writable_schema=ON",
         "UPDATE sqlite_master SET name = upper(name), tbl_name = upper(tbl_name) WHERE name = 'steg_audit_batch'",
         "PRAGMA writable_schema=RESET"});
}

void add_postgres(std::vector<Kind>& kinds) {
  const auto plain = [&](const char* name, const Statements& edit) {
    kinds.push_back({name, [edit](Random&) { return edit; }});
  };
  const std::string secured =
      "CREATE ROLE steg_reader_of_test; GRANT SELECT ON ALL TABLES IN SCHEMA public TO steg_reader_of_test; ";
  const Statements reader{"CREATE ROLE steg_reader_of_test",
                          "GRANT SELECT ON ALL TABLES IN SCHEMA public TO "
                          "steg_reader_of_test"};
  const auto as_reader = [&](Statements edit) {
    edit.insert(edit.begin(), reader.begin(), reader.end());
    edit.emplace_back("SET LOCAL ROLE steg_reader_of_test");
    return edit;
  };
  plain("rows hidden from readers", as_reader({"ALTER TABLE steg_audit_event ENABLE ROW LEVEL SECURITY",
                                               "CREATE POLICY p ON steg_audit_event USING (id <> 'id1')"}));
  plain("rows hidden from those who ask by ID",
        as_reader({"ALTER TABLE steg_audit_event ENABLE ROW LEVEL SECURITY",
                   "CREATE POLICY p ON steg_audit_event USING (id <> 'id1' OR current_query() LIKE '%steg_rows%' OR "
                   "current_query() LIKE 'SELECT COUNT%')"}));
  plain("batches hidden from readers", as_reader({"ALTER TABLE steg_audit_batch ENABLE ROW LEVEL SECURITY",
                                                  "CREATE POLICY p ON steg_audit_batch USING (false)"}));
  plain("partitions with policies", as_reader({"ALTER TABLE steg_audit_event_other ENABLE ROW LEVEL SECURITY",
                                               "CREATE POLICY p ON steg_audit_event_other USING (false)"}));
  plain("a partition taken off", {"ALTER TABLE steg_audit_event DETACH PARTITION steg_audit_event_other"});
  plain("an empty partition in place of one", {"ALTER TABLE steg_audit_event DETACH PARTITION steg_audit_event_other",
                                               "CREATE TABLE empty PARTITION OF steg_audit_event DEFAULT"});
  plain("one number twice",
        {copied({{"minute", "'2031-01-01T00:00Z'"}, {"id", "'mallory'"}}, "stream = 'live' AND seq = 20")});
  plain("rows directly in a partition",
        {"INSERT INTO steg_audit_event_other SELECT 'new', seq, event, 'forged', record, id, client_ip, minute, "
         "first_time, last_time, first_pts, last_pts, frames_encoded, frames_repeated, frames_residual, "
         "key_fingerprint, model_fingerprint, client_ip_salt, client_ip_proof, through_seq, through_hash, chain_key, "
         "previous_hash, hash FROM steg_audit_event"});
  plain("no rule against nothing", {"ALTER TABLE steg_audit_event ALTER COLUMN id DROP NOT NULL",
                                    "UPDATE steg_audit_event SET id = NULL WHERE id = 'id1'"});
  plain("no rule against nothing, in other columns", {"ALTER TABLE steg_audit_event ALTER COLUMN event DROP NOT NULL",
                                                      "UPDATE steg_audit_event SET event = NULL WHERE id = 'id1'"});
  for (const char* type : {"varchar", "char(40)", "name", "json", "bytea"})
    plain(
        (std::string("columns of type ") + type).c_str(),
        {"DROP VIEW steg_audit_record",
         "ALTER TABLE steg_audit_event ALTER COLUMN client_ip TYPE " + std::string(type) + " USING client_ip::" + type,
         "ALTER TABLE steg_audit_event ALTER COLUMN id TYPE " + std::string(type) + " USING id::" + type});
  plain("numbers of type numeric",
        {"DROP VIEW steg_audit_record", "ALTER TABLE steg_audit_event ALTER COLUMN frames_encoded TYPE numeric",
         "UPDATE steg_audit_event SET frames_encoded = frames_encoded + 0.5"});
  plain("a collation that ignores case",
        {"DROP VIEW steg_audit_record",
         "CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
         "ALTER TABLE steg_audit_event ALTER COLUMN id TYPE text COLLATE ci"});
  plain("operators of another schema",
        {"CREATE SCHEMA evil", "CREATE FUNCTION evil.never(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT false'",
         "CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.never)",
         "SET LOCAL search_path = evil, pg_catalog, public"});
  plain("functions of another schema",
        {"CREATE SCHEMA evil", "CREATE FUNCTION evil.max(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
         "SET LOCAL search_path = evil, pg_catalog, public"});
  plain("a table of another schema in front",
        {"CREATE SCHEMA evil",
         "CREATE VIEW evil.steg_audit_event AS SELECT * FROM public.steg_audit_event WHERE id "
         "<> 'id1'",
         "SET LOCAL search_path = evil, public"});
  plain("a plain table with an heir",
        {"DROP VIEW steg_audit_record", "ALTER TABLE steg_audit_event RENAME TO hidden",
         "CREATE TABLE steg_audit_event (LIKE hidden)", "INSERT INTO steg_audit_event SELECT * FROM hidden",
         "CREATE TABLE heir () INHERITS (steg_audit_event)", "INSERT INTO heir SELECT * FROM hidden WHERE id = 'id1'"});
  plain("a generated column",
        {"DROP VIEW steg_audit_record", "ALTER TABLE steg_audit_event DROP COLUMN client_ip",
         "ALTER TABLE steg_audit_event ADD COLUMN client_ip TEXT GENERATED ALWAYS AS (id) STORED"});
  plain("triggers", {"CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                     "CREATE TRIGGER t BEFORE INSERT ON steg_audit_event FOR EACH ROW EXECUTE FUNCTION nothing()"});
}

}  // namespace

std::vector<Kind> kinds_of_edits(Store store) {
  std::vector<Kind> kinds;
  add_values(kinds, store);
  add_rows(kinds);
  store == Store::sqlite ? add_sqlite(kinds) : add_postgres(kinds);
  return kinds;
}

}  // namespace test
