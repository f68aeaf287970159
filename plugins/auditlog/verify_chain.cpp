// SPDX-License-Identifier: LGPL-2.1-or-later
#include "verify_chain.hpp"

#include <algorithm>

#include "connection.hpp"
#include "store.hpp"
#include "text.hpp"

namespace audit {

namespace {

constexpr int kPageRows = 1000;
/// How far from its place a moved row is looked for.
constexpr std::int64_t kMoveRange = 256;

class Walk {
 public:
  Walk(const std::vector<ChainKey>& keys, const std::optional<Head>& known, std::size_t most)
      : keys_(keys), known_(known), most_(most) {}

  bool full() const { return report.findings.size() >= most_; }

  void row(const Row& row) {
    const std::int64_t seq = to_integer(row.at(kSeq));
    const std::string hash = row.at(kHash).value_or("");
    const std::int64_t expected = report.head.seq + 1;
    if (seq != expected) missing(expected, seq - 1);
    const auto key = std::find_if(keys_.begin(), keys_.end(),
                                  [&](const ChainKey& item) { return row.at(kChainKey) == item.fingerprint; });
    if (key == keys_.end())
      add(Finding::Kind::unknown_key, seq, seq,
          "was written with key " + row.at(kChainKey).value_or("") + ", which was not given");
    else if (row_hash(key->chain, row) != hash)
      altered(key->chain, row, seq);
    else if (seq == expected && row.at(kPreviousHash) != report.head.hash)
      add(Finding::Kind::broken_link, seq, seq, "does not follow row " + std::to_string(seq - 1) + " as it is now");
    if (known_ && known_->seq == seq && known_->hash != hash)
      add(Finding::Kind::altered, seq, seq, "is not the one that was noted earlier");
    report.rows += 1;
    report.head = {seq, hash};
  }

  void end() {
    if (known_ && known_->seq > report.head.seq) missing(report.head.seq + 1, known_->seq);
  }

  ChainReport report;

 private:
  void add(Finding::Kind kind, std::int64_t seq, std::int64_t last, const std::string& what) {
    if (!full()) report.findings.push_back({kind, seq, last, "Row " + std::to_string(seq) + " " + what + "."});
  }

  void missing(std::int64_t first, std::int64_t last) {
    add(Finding::Kind::missing, first, last,
        first == last ? "is missing" : "to row " + std::to_string(last) + " are missing");
  }

  void altered(const Secret& secret, const Row& row, std::int64_t seq) {
    Row other = row;
    for (std::int64_t place = std::max<std::int64_t>(1, seq - kMoveRange); place <= seq + kMoveRange; ++place) {
      other[kSeq] = std::to_string(place);
      if (row_hash(secret, other) != row[kHash]) continue;
      return add(Finding::Kind::moved, seq, place, "is row " + std::to_string(place) + " moved here");
    }
    add(Finding::Kind::altered, seq, seq, "was altered, or was not written with this key");
  }

  const std::vector<ChainKey>& keys_;
  const std::optional<Head>& known_;
  std::size_t most_;
};

}  // namespace

ChainReport verify_chain(const std::string& database_uri, const std::string& stream, const std::vector<ChainKey>& keys,
                         const std::optional<Head>& known, std::size_t most) {
  const Deadline deadline;
  const auto connection = connect(database_uri, Access::read, deadline);
  check_schema(*connection);
  std::string sql = "SELECT ";
  for (std::size_t i = 0; i < kColumns; ++i) sql.append(i ? ", " : "").append(kColumnNames[i]);
  sql += " FROM steg_audit_event WHERE stream = $1 AND seq > $2 ORDER BY seq LIMIT " + std::to_string(kPageRows);
  Walk walk(keys, known, most);
  // Numbers before the first are as bad as gaps: begin below any.
  std::int64_t after = INT64_MIN;
  while (!walk.full()) {
    const auto rows = connection->run(sql, {stream, std::to_string(after)});
    for (const Row& row : rows) walk.row(row);
    if (rows.empty()) break;
    after = to_integer(rows.back().at(kSeq));
  }
  if (!walk.full()) walk.end();
  return walk.report;
}

std::vector<std::string> streams(const std::string& database_uri) {
  const Deadline deadline;
  const auto connection = connect(database_uri, Access::read, deadline);
  check_schema(*connection);
  std::vector<std::string> names;
  for (const Row& row : connection->run("SELECT DISTINCT stream FROM steg_audit_event ORDER BY stream"))
    names.push_back(row.at(0).value_or(""));
  return names;
}

}  // namespace audit
