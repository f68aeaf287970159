// Checking the rows of a hash chain, one after the other.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chain.hpp"

namespace audit {

struct Finding {
  enum class Kind {
    missing,          ///< rows `seq` to `last` are not there
    altered,          ///< the row's hash is not that of its content under the key
    inserted,         ///< the row was put between others, or is there twice
    moved,            ///< the rows from `seq` on are those of another place in the chain, `last`
    broken_link,      ///< the row is genuine, but follows another row than the one before it
    address_removed,  ///< the addresses of rows `seq` to `last` were removed, and no row says so
    unknown_key,      ///< the row was written with a key that was not given
  };
  Kind kind;
  std::int64_t seq;
  std::int64_t last;
  std::string text;  ///< a sentence
};

struct ChainReport {
  std::int64_t rows = 0;  ///< how many were read
  Head head;              ///< of the last row
  std::vector<Finding> findings;
  std::int64_t purged_through = 0;  ///< the last row that was removed with a row to say so; 0 if none was
  std::int64_t anonymised = 0;      ///< rows whose address was removed with a row to say so
  std::int64_t not_checked = 0;     ///< known ends that lie in the removed part
  bool intact() const { return findings.empty(); }
};

/// Takes the rows of one stream in the order of their numbers.
class ChainWalk {
 public:
  /// `keys`: those the log was written with. `known`: ends of the chain noted earlier, which it must contain. Finds at
  /// most `most` things. `after`: where to begin, if not at the first row; the rows up to it were checked.
  ChainWalk(std::vector<ChainKey> keys, const std::vector<Head>& known, std::size_t most, Head after = {});

  /// Whether the row is one that was written, in full. The next row is taken in any case.
  bool row(const Row& row);
  /// Whether nothing more would be found.
  bool full() const { return report_.findings.size() >= most_; }
  /// After the last row. Only once.
  ChainReport finish();

 private:
  struct Run {
    std::int64_t first;
    std::int64_t last;
    std::int64_t shift;  ///< place in the chain less place where found
  };

  void add(Finding::Kind kind, std::int64_t seq, std::int64_t last, const std::string& text);
  void missing(std::int64_t first, std::int64_t last);
  bool is_genuine(const Row& row, std::int64_t seq);
  void not_genuine(const Secret& secret, const Row& row, std::int64_t seq);
  void end_run(bool at_end);
  void check_known(std::int64_t seq, const std::string& hash);
  void check_beginning();
  void check_purged();
  void check_removed_addresses();

  std::vector<ChainKey> keys_;
  std::multimap<std::int64_t, std::string> known_;
  std::size_t most_;
  ChainReport report_;
  Head after_;
  std::optional<Head> beginning_;  ///< of the part that is not there: its last row as the first one there names it
  std::vector<Head> purges_;       ///< what genuine rows say was removed
  std::int64_t anonymised_through_ = 0;
  std::vector<std::pair<std::int64_t, std::int64_t>> without_address_;
  std::optional<Run> run_;
};

}  // namespace audit
