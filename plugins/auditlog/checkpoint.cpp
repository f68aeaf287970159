// SPDX-License-Identifier: LGPL-2.1-or-later
#include "checkpoint.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "file.hpp"
#include "line_text.hpp"
#include "signature.hpp"
#include "transaction.hpp"

namespace audit {

namespace {

constexpr const char* kTable = "steg_audit_checkpoint";
const std::vector<std::string>& columns() {
  static const std::vector<std::string> names{"time", "stream", "seq", "hash", "chain_key", "public_key", "signature"};
  return names;
}

Row to_row(const Checkpoint& checkpoint) {
  return {checkpoint.time,      checkpoint.stream,    std::to_string(checkpoint.head.seq),
          checkpoint.head.hash, checkpoint.chain_key, checkpoint.public_key,
          checkpoint.signature};
}

Checkpoint from_row(const Row& row) {
  Checkpoint checkpoint;
  checkpoint.time = row.at(0).value_or("");
  checkpoint.stream = row.at(1).value_or("");
  checkpoint.head = {to_integer(row.at(2)), row.at(3).value_or("")};
  checkpoint.chain_key = row.at(4).value_or("");
  checkpoint.public_key = row.at(5).value_or("");
  checkpoint.signature = row.at(6).value_or("");
  return checkpoint;
}

std::string signed_text(const Checkpoint& checkpoint) {
  Row row = to_row(checkpoint);
  row.pop_back();
  row.insert(row.begin(), "gst-steg audit checkpoint");
  return canonical(row);
}

class CheckpointFile : public CheckpointPlace {
 public:
  CheckpointFile(const std::string& path, Access access) : path_(path) {
    if (access == Access::read) return;
    const File file(open());  // so that a wrong path shows at once
  }

  void add(const std::vector<Checkpoint>& checkpoints) override {
    std::string text;
    for (const Checkpoint& checkpoint : checkpoints) text += join_line(to_row(checkpoint)) + '\n';
    const File file(open());
    // One write at the end of the file: lines of several writers do not mix.
    if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) || ::fsync(file.get()) != 0)
      fail("written");
  }

  std::vector<Checkpoint> all() override {
    errno = 0;
    std::ifstream file(path_, std::ios::binary);
    if (!file) fail("read");
    std::vector<Checkpoint> result;
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
      const Row row = split_line(line);
      if (row.size() != columns().size())
        throw AuditError("Line " + std::to_string(number) + " of " + path_ + " is no checkpoint.");
      result.push_back(from_row(row));
    }
    return result;
  }

 private:
  int open() const {
    const int descriptor =
        ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
    if (descriptor < 0) fail("opened");
    return descriptor;
  }
  [[noreturn]] void fail(const char* done) const {
    throw AuditError("The file of checkpoints, " + path_ + ", cannot be " + done + ": " + std::strerror(errno) + ".");
  }

  std::string path_;
};

class CheckpointTable : public CheckpointPlace {
 public:
  CheckpointTable(const std::string& uri, Access access, const Deadline& deadline)
      : connection_(connect(uri, access, deadline)) {
    if (access == Access::read || connection_->has_table(kTable)) return;
    connection_->run(std::string("CREATE TABLE ") + kTable +
                     " (time TEXT NOT NULL, stream TEXT NOT NULL, seq BIGINT NOT NULL, hash TEXT NOT NULL, chain_key "
                     "TEXT NOT NULL, public_key TEXT NOT NULL, signature TEXT NOT NULL)");
  }
  void add(const std::vector<Checkpoint>& checkpoints) override {
    std::vector<Row> rows;
    rows.reserve(checkpoints.size());
    for (const Checkpoint& checkpoint : checkpoints) rows.push_back(to_row(checkpoint));
    Transaction transaction(*connection_);
    connection_->insert(kTable, columns(), rows);
    transaction.commit();
  }
  std::vector<Checkpoint> all() override {
    std::vector<Checkpoint> result;
    for (const Row& row :
         connection_->run(std::string("SELECT time, stream, seq, hash, chain_key, public_key, signature "
                                      "FROM ") +
                          kTable + " ORDER BY time, stream, seq"))
      result.push_back(from_row(row));
    return result;
  }

 private:
  std::unique_ptr<Connection> connection_;
};

}  // namespace

Checkpoint make_checkpoint(const std::string& stream, const Head& head, const ChainKey& key, const std::string& time) {
  Checkpoint checkpoint{time, stream, head, key.fingerprint, public_key(key.signing), ""};
  checkpoint.signature = sign(key.signing, signed_text(checkpoint));
  return checkpoint;
}

bool is_genuine(const Checkpoint& checkpoint, const std::vector<ChainKey>& keys) {
  return std::any_of(keys.begin(), keys.end(),
                     [&](const ChainKey& key) { return public_key(key.signing) == checkpoint.public_key; }) &&
         is_signed(checkpoint.public_key, signed_text(checkpoint), checkpoint.signature);
}

std::unique_ptr<CheckpointPlace> open_checkpoints(const std::string& place, Access access, const Deadline& deadline) {
  constexpr std::string_view kFile = "file:";
  if (place.compare(0, kFile.size(), kFile) == 0)
    return std::make_unique<CheckpointFile>(place.substr(kFile.size()), access);
  if (is_database_uri(place)) return std::make_unique<CheckpointTable>(place, access, deadline);
  return std::make_unique<CheckpointFile>(place, access);
}

}  // namespace audit
