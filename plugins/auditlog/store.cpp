// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "text.hpp"
#include "transaction.hpp"

namespace audit {

namespace {

using EventName = std::tuple<std::string, std::int64_t, std::string>;  ///< session, record, kind

/// Asks for many things at once: calls `ask` with the beginning of a statement that makes `wanted` a table (columns a,
/// b, …) of some of the rows, and their values. Few different sizes, so that the statements can be prepared; what is
/// left over is filled up with the last row.
template <class Ask>
void for_chunks(const std::vector<Row>& wanted, const Ask& ask) {
  constexpr std::size_t kSizes[] = {1, 16, 256};
  for (std::size_t first = 0; first < wanted.size();) {
    const std::size_t left = wanted.size() - first;
    const std::size_t size =
        *std::find_if(std::begin(kSizes), std::end(kSizes) - 1, [left](std::size_t item) { return item >= left; });
    std::string sql = "WITH wanted (";
    for (std::size_t i = 0; i < wanted[first].size(); ++i)
      sql.append(i ? ", " : "").append(1, static_cast<char>('a' + i));
    sql += ") AS (VALUES ";
    Row parameters;
    for (std::size_t row = 0; row < size; ++row) {
      sql += row ? ", (" : "(";
      for (const Value& value : wanted[std::min(first + row, wanted.size() - 1)]) {
        sql.append(parameters.size() % wanted[first].size() ? ", $" : "$")
            .append(std::to_string(parameters.size() + 1));
        parameters.push_back(value);
      }
      sql += ")";
    }
    ask(sql + ") ", parameters);
    first += size;
  }
}

/// The range of records and minutes of a session.
struct Range {
  std::int64_t first_record;
  std::int64_t last_record;
  std::string first_minute;
  std::string last_minute;
};

std::set<EventName> already_written(Connection& connection, const std::vector<Event>& events) {
  std::map<std::string, Range> ranges;
  for (const Event& event : events) {
    const auto [place, added] =
        ranges.try_emplace(event.session, Range{event.record, event.record, event.minute, event.minute});
    Range& range = place->second;
    range.first_record = std::min(range.first_record, event.record);
    range.last_record = std::max(range.last_record, event.record);
    range.first_minute = std::min(range.first_minute, event.minute);
    range.last_minute = std::max(range.last_minute, event.minute);
  }
  std::vector<Row> wanted;
  for (const auto& [session, range] : ranges)
    wanted.push_back({session, std::to_string(range.first_record), std::to_string(range.last_record),
                      range.first_minute, range.last_minute});
  std::set<EventName> names;
  // The minutes tell which partitions to look at.
  for_chunks(wanted, [&](const std::string& sql, const Row& parameters) {
    const auto rows = connection.run(
        sql +
            "SELECT e.session, e.record, e.event FROM wanted w JOIN steg_audit_event e ON e.session = w.a AND e.record "
            "BETWEEN CAST(w.b AS BIGINT) AND CAST(w.c AS BIGINT) AND e.minute BETWEEN w.d AND w.e",
        parameters);
    for (const Row& row : rows) names.emplace(row.at(0).value_or(""), to_integer(row.at(1)), row.at(2).value_or(""));
  });
  return names;
}

}  // namespace

std::map<std::string, StoredHead> heads_in_database(Connection& connection, const std::set<std::string>& streams) {
  std::vector<Row> wanted;
  for (const std::string& stream : streams) wanted.push_back({stream});
  std::vector<Row> last;
  for_chunks(wanted, [&](const std::string& sql, const Row& parameters) {
    for (Row& row :
         connection.run(sql + "SELECT w.a, (SELECT MAX(b.first_seq) FROM steg_audit_batch b WHERE b.stream = "
                              "w.a) FROM wanted w",
                        parameters))
      if (row.at(1)) last.push_back(std::move(row));
  });
  std::map<std::string, StoredHead> heads;
  for_chunks(last, [&](const std::string& sql, const Row& parameters) {
    const auto rows = connection.run(
        sql +
            "SELECT b.stream, b.last_seq, b.hash, (SELECT COUNT(*) FROM steg_audit_event e WHERE e.stream = b.stream "
            "AND e.seq = b.last_seq AND e.minute = b.minute AND e.hash = b.hash) FROM wanted w JOIN steg_audit_batch b "
            "ON b.stream = w.a AND b.first_seq = CAST(w.b AS BIGINT)",
        parameters);
    for (const Row& row : rows)
      heads[row.at(0).value_or("")] = {{to_integer(row.at(1)), row.at(2).value_or("")}, to_integer(row.at(3)) > 0};
  });
  return heads;
}

void insert_rows(Connection& connection, const std::vector<Row>& rows) {
  static const std::vector<std::string> columns(std::begin(kColumnNames), std::end(kColumnNames));
  struct Batch {
    const Row* first;
    const Row* last;
  };
  std::map<std::string, Batch> batches;
  for (const Row& row : rows)
    batches.try_emplace(row[kStream].value_or(""), Batch{&row, &row}).first->second.last = &row;
  std::vector<Row> ends;
  for (const auto& [stream, batch] : batches)
    ends.push_back({stream, (*batch.first)[kSeq], (*batch.last)[kSeq], (*batch.last)[kMinute], (*batch.last)[kHash]});
  // First, because it is here that two writers of a stream meet.
  connection.insert("steg_audit_batch", {"stream", "first_seq", "last_seq", "minute", "hash"}, ends);
  connection.insert("steg_audit_event", columns, rows);
}

Appended append(Connection& connection, const ChainKey& key, const std::vector<Event>& events, Heads& heads) {
  Appended result;
  if (events.empty()) return result;
  Transaction transaction(connection);
  const std::set<EventName> known = already_written(connection, events);
  std::set<std::string> streams;
  for (const Event& event : events) streams.insert(event.stream);
  auto stored = heads_in_database(connection, streams);
  Heads ends;
  std::vector<Row> rows;
  for (const Event& event : events) {
    if (known.count({event.session, event.record, name(event.kind)}) > 0) {
      result.known += 1;
      continue;
    }
    auto end = ends.find(event.stream);
    if (end == ends.end()) {
      const StoredHead& found = stored[event.stream];
      const auto ours = heads.find(event.stream);
      const bool behind = ours != heads.end() && ours->second.seq > found.head.seq;
      if (behind || (found.head.seq > 0 && !found.row_is_there)) result.cut_streams.push_back(event.stream);
      end = ends.emplace(event.stream, behind ? ours->second : found.head).first;
      result.before.insert(*end);
    }
    rows.push_back(chain(event, random_hex(sizeof(Secret)), key, end->second));
  }
  if (!rows.empty()) insert_rows(connection, rows);
  transaction.commit();
  result.written = rows.size();
  for (const auto& [stream, end] : ends) heads[stream] = end;
  return result;
}

}  // namespace audit
