// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "plugins/common/crypto/random.hpp"
#include "text.hpp"
#include "transaction.hpp"

namespace audit {

namespace {

using EventName = std::tuple<std::string, std::int64_t, std::string>;  ///< session, record, kind

/// The range of records of a session, and their first minute.
struct Range {
  std::string stream;
  std::int64_t first_record;
  std::int64_t last_record;
  std::string first_minute;
};

std::set<EventName> already_written(Connection& connection, const std::vector<Row>& events) {
  std::map<std::string, Range> ranges;
  for (const Row& event : events) {
    const std::int64_t record = to_integer(event[kRecord]);
    const auto [place, added] =
        ranges.try_emplace(*event[kSession], Range{*event[kStream], record, record, *event[kMinute]});
    Range& range = place->second;
    range.first_record = std::min(range.first_record, record);
    range.last_record = std::max(range.last_record, record);
    range.first_minute = std::min(range.first_minute, *event[kMinute]);
  }
  std::set<EventName> names;
  for (const auto& [session, range] : ranges) {
    // The minute tells which partitions to look at, the stream which machine, where there are several. Here and
    // below, the query says no more about the minute: otherwise a planner with few statistics uses the index of
    // minutes, which may hold many rows of other streams.
    const auto rows = connection.run(
        "SELECT record, event FROM steg_audit_event WHERE session = $1 AND record >= $2 AND record <= $3 AND minute >= "
        "$4 AND stream = $5",
        {session, std::to_string(range.first_record), std::to_string(range.last_record), range.first_minute,
         range.stream});
    for (const Row& row : rows) names.emplace(session, to_integer(row.at(0)), row.at(1).value_or(""));
  }
  return names;
}

}  // namespace

std::map<std::string, StoredHead> heads_in_database(Connection& connection, const std::set<std::string>& streams) {
  std::map<std::string, StoredHead> heads;
  for (const std::string& stream : streams) {
    const auto last = connection.run(
        "SELECT last_seq, hash, minute FROM steg_audit_batch WHERE stream = $1 ORDER BY first_seq DESC LIMIT 1",
        {stream});
    if (last.empty()) continue;
    const Row& end = last[0];
    const bool possible = !is_foreign(end.at(0)) && to_integer(end.at(0)) > 0 && to_integer(end.at(0)) <= kLastSeq;
    if (!possible)
      throw DatabaseError(DatabaseError::Kind::refused,
                          "steg_audit_batch was altered: it has a number that no row of stream \"" + stream +
                              "\" can have. Run steg-audit verify.");
    const auto row = connection.run("SELECT hash FROM steg_audit_event WHERE stream = $1 AND seq = $2 AND minute >= $3",
                                    {stream, end.at(0), end.at(2)});
    heads[stream] = {{to_integer(end.at(0)), end.at(1).value_or("")}, !row.empty() && row[0].at(0) == end.at(1)};
  }
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
  ends.reserve(batches.size());
  for (const auto& [stream, batch] : batches)
    ends.push_back({stream, (*batch.first)[kSeq], (*batch.last)[kSeq], (*batch.last)[kMinute], (*batch.last)[kHash]});
  // First, because it is here that two writers of a stream meet.
  connection.insert("steg_audit_batch", {"stream", "first_seq", "last_seq", "minute", "hash"}, ends);
  connection.insert("steg_audit_event", columns, rows);
}

Appended append(Connection& connection, const ChainKey& key, const std::vector<Row>& events, Heads& heads) {
  Appended result;
  if (events.empty()) return result;
  Transaction transaction(connection);
  const std::set<EventName> known = already_written(connection, events);
  std::set<std::string> streams;
  for (const Row& event : events) streams.insert(*event[kStream]);
  auto stored = heads_in_database(connection, streams);
  Heads ends;
  std::vector<Row> rows;
  for (const Row& event : events) {
    const std::string& stream = *event[kStream];
    if (known.count({*event[kSession], to_integer(event[kRecord]), *event[kEvent]}) > 0) {
      result.known += 1;
      continue;
    }
    auto end = ends.find(stream);
    if (end == ends.end()) {
      const StoredHead& found = stored[stream];
      const auto ours = heads.find(stream);
      const bool behind = ours != heads.end() && ours->second.seq > found.head.seq;
      if (behind || (found.head.seq > 0 && !found.row_is_there)) result.cut_streams.push_back(stream);
      end = ends.emplace(stream, behind ? ours->second : found.head).first;
      result.before.insert(*end);
    }
    rows.push_back(chain(event, steg::random_hex(sizeof(Secret)), key, end->second));
  }
  if (!rows.empty()) insert_rows(connection, rows);
  transaction.commit();
  result.written = rows.size();
  for (const auto& [stream, end] : ends) heads[stream] = end;
  return result;
}

}  // namespace audit
