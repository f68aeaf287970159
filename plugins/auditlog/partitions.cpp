// SPDX-License-Identifier: LGPL-2.1-or-later
#include "partitions.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

namespace audit {

namespace {

constexpr char kPrefix[] = "steg_audit_event_";

/// Months since the year 0.
int month_number(const std::string& minute) { return std::atoi(minute.c_str()) * 12 + std::atoi(&minute.at(5)) - 1; }

std::string month_text(int month, char between) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d%c%02d", month / 12, between, month % 12 + 1);
  return text.data();
}

Partition partition(int month) {
  return {kPrefix + month_text(month, '_'), month_text(month, '-'), month_text(month + 1, '-')};
}

void add(Connection& connection, const Partition& month) {
  // A partition cannot be made where the rest has rows of its month: these move into it first.
  connection.run("CREATE TABLE " + month.name + " (LIKE steg_audit_event INCLUDING ALL)");
  connection.run(
      "INSERT INTO " + month.name + " SELECT * FROM " + kOtherPartition + " WHERE minute >= $1 AND minute < $2",
      {month.first_minute, month.end_minute});
  connection.run(std::string("DELETE FROM ") + kOtherPartition + " WHERE minute >= $1 AND minute < $2",
                 {month.first_minute, month.end_minute});
  // Built from numbers alone.
  connection.run("ALTER TABLE steg_audit_event ATTACH PARTITION " + month.name + " FOR VALUES FROM ('" +
                 month.first_minute + "') TO ('" + month.end_minute + "')");
}

}  // namespace

std::string next_month(const std::string& minute) { return month_text(month_number(minute) + 1, '-'); }

bool is_partitioned(Connection& connection) {
  if (connection.dialect() != Dialect::postgres) return false;
  return !connection
              .run(
                  "SELECT 1 FROM pg_catalog.pg_class WHERE relname = 'steg_audit_event' AND relkind = 'p' AND "
                  "pg_catalog.pg_table_is_visible(oid)")
              .empty();
}

std::vector<Partition> partitions(Connection& connection) {
  std::vector<Partition> result;
  const auto rows = connection.run(
      "SELECT c.relname FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid "
      "WHERE i.inhparent = 'steg_audit_event'::regclass ORDER BY c.relname");
  for (const Row& row : rows) {
    const std::string name = row.at(0).value_or("");
    if (name == kOtherPartition)
      result.push_back({name, "", ""});
    else if (name.size() == sizeof(kPrefix) - 1 + 7)
      result.push_back(partition(month_number(name.substr(sizeof(kPrefix) - 1))));
  }
  return result;
}

int add_partitions(Connection& connection, const std::string& minute, int months) {
  const auto there = partitions(connection);
  int added = 0;
  for (int i = 0; i < months; ++i) {
    const Partition wanted = partition(month_number(minute) + i);
    if (std::any_of(there.begin(), there.end(), [&](const Partition& item) { return item.name == wanted.name; }))
      continue;
    add(connection, wanted);
    ++added;
  }
  return added;
}

}  // namespace audit
