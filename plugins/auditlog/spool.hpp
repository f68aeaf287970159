// The spool file: events that are safe on disk and wait for the database.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chain.hpp"
#include "event.hpp"
#include "file.hpp"

namespace audit {

/// A file of lines, each authenticated by an HMAC, so that a torn or altered line shows and those after it can still be
/// read. A line is an event, or says that the database has been reached, or where the chain of a stream ended when it
/// was last written to. Held by one process at a time (flock). Not for use from several threads.
class Spool {
 public:
  /// Opens or creates the file (mode 0600) and finds what an earlier run left. `limit`: bytes that it may grow to, 0
  /// for no limit. Throws AuditError: cannot be created, in use, or holds lines written with another key.
  Spool(std::string path, const ChainKey& key, std::uint64_t limit);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  /// Makes the rows of events (as to_row() gives them) durable (fdatasync). Throws AuditError if they cannot be written
  /// (disk full, limit reached); then none of them is in the file. The disk counts as full while it still has
  /// kSetAsideBytes for the last resort.
  void append(const std::vector<Row>& events);

  /// From now on append() goes beyond the limit and into what was set aside: for events that would otherwise be lost.
  void begin_last_resort();

  /// What is set aside on the disk for the last resort, where the file system can do that: about 2,000 events.
  static constexpr std::uint64_t kSetAsideBytes = 1024 * 1024;

  /// The next `most` rows that were not taken yet, oldest first; fewer only if there are no more. Throws AuditError.
  std::vector<Row> peek(std::size_t most);
  /// Takes what the last peek() gave.
  void take();
  /// How many events were not taken yet.
  std::size_t waiting() const { return waiting_; }

  /// Empties the file but for `database` and `heads`. Only when nothing waits. Throws AuditError.
  void trim(const std::string& database, const Heads& heads);

  /// Whether the database with that name (database_identity()) was reached before with this spool.
  bool was_reached(const std::string& database) const { return database == database_; }
  /// Where the chains ended when this spool was last trimmed.
  const Heads& heads() const { return heads_; }

  /// Lines of an earlier run that could not be read. They were copied to damaged_path().
  std::size_t damaged() const { return damaged_; }
  std::string damaged_path() const { return path_ + ".damaged"; }
  const std::string& path() const { return path_; }
  std::uint64_t bytes() const { return size_; }

 private:
  struct Line {
    std::string kind;
    Row fields;
  };
  enum class Check { good, damaged, other_key };

  std::string format(const std::string& kind, const Row& fields) const;
  Check parse(std::string_view text, Line& line) const;
  void scan();
  void keep_damaged(std::string_view text) const;
  void write_at_end(const std::string& text);
  /// Sees to it that the disk has room for so many bytes and for the last resort.
  void set_aside(std::uint64_t bytes);
  /// Reads the line at `offset` and moves `offset` behind it; false at the end of the file. The last line may lack its
  /// newline.
  bool read_line(std::uint64_t& offset, std::string& text);

  std::string path_;
  ChainKey key_;
  std::uint64_t limit_;
  File file_;
  bool last_resort_ = false;
  std::uint64_t size_ = 0;    ///< bytes of whole lines
  std::uint64_t room_ = 0;    ///< bytes that the disk has given to the file, as far as set_aside() asked for them
  std::uint64_t taken_ = 0;   ///< bytes in front of the first event that was not taken
  std::uint64_t peeked_ = 0;  ///< bytes in front of the first event that was not peeked at
  std::size_t peeked_events_ = 0;
  std::size_t waiting_ = 0;
  std::size_t damaged_ = 0;
  std::string database_;
  Heads heads_;
  std::string chunk_;  ///< what read_line() has read ahead
  std::uint64_t chunk_offset_ = 0;
};

}  // namespace audit
