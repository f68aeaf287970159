// Runs steg-audit as a user would, on a log in a folder of its own.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/wait.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include "databases.hpp"
#include "plugins/common/crypto/key.hpp"
#include "schema.hpp"
#include "store.hpp"

namespace test {

struct Result {
  int status = -1;
  std::string out, err;
};

/// STEG_AUDIT in the environment names the program.
inline Result steg_audit(const std::vector<std::string>& arguments) {
  const char* program = std::getenv("STEG_AUDIT");
  if (!program) throw std::runtime_error("STEG_AUDIT does not name steg-audit");
  const Folder folder;
  const auto quoted = [](const std::string& text) {
    std::string result = "'";
    for (const char c : text) result += c == '\'' ? "'\\''" : std::string(1, c);
    return result + "'";
  };
  std::string command = quoted(program);
  for (const std::string& argument : arguments) command += ' ' + quoted(argument);
  command += " </dev/null >" + quoted(folder / "out") + " 2>" + quoted(folder / "err");
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(folder / "out"), read_file(folder / "err")};
}

/// A log of a kind of database, written with the key in key_file().
class Log {
 public:
  explicit Log(const std::string& kind) : database_(kind) {
    write_file(key_file(), std::string(64, '7') + '\n');
    const audit::Deadline deadline;
    audit::prepare_schema(*audit::connect(database_.uri(), audit::Access::write, deadline));
  }
  std::string key_file() const { return folder / "key"; }
  audit::ChainKey chain_key() const { return audit::chain_key(steg::Key::from_file(key_file())); }
  const Database& database() const { return database_; }
  const std::string& uri() const { return database_.uri(); }

  /// One closed record from the start of that minute (UTC, as "2026-11-22T11:29Z") on.
  void record(const std::string& id, const std::string& client_ip, const std::string& minute,
              const std::string& stream = "live") {
    std::vector<audit::Event> events;
    ++records_;
    for (const auto kind : {audit::EventKind::open, audit::EventKind::close}) {
      audit::Event event = test::event(records_, kind, stream, "session");
      event.id = id;
      event.client_ip = client_ip;
      event.minute = minute;
      event.first_time = minute.substr(0, 16) + ":01.000000Z";
      event.last_time = minute.substr(0, 16) + (kind == audit::EventKind::open ? ":01.000000Z" : ":41.000000Z");
      events.push_back(event);
    }
    const audit::Deadline deadline;
    test::append(*audit::connect(uri(), audit::Access::write, deadline), chain_key(), events, heads_);
  }

  /// steg-audit COMMAND --database URI ARGUMENTS
  Result run(const std::string& command, std::vector<std::string> arguments = {}) const {
    arguments.insert(arguments.begin(), {command, "--database", uri()});
    return steg_audit(arguments);
  }
  /// The same with --key-file.
  Result run_with_key(const std::string& command, std::vector<std::string> arguments = {}) const {
    arguments.insert(arguments.begin(), {"--key-file", key_file()});
    return run(command, arguments);
  }

  Folder folder;

 private:
  Database database_;
  std::int64_t records_ = 0;
  audit::Heads heads_;
};

}  // namespace test
