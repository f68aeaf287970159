// A spool file that an earlier run left, as it is (first byte 'r') or with lines that have their HMAC.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <sstream>

#include "fuzz.hpp"
#include "spool.hpp"
#include "support.hpp"
#include "temporary_folder.hpp"

namespace {

std::string authenticated(const std::string& bodies) {
  const audit::ChainKey key = test::key();
  std::istringstream lines(bodies);
  std::string text;
  for (std::string body; std::getline(lines, body);)
    text += key.fingerprint + '\t' + audit::hmac_hex(key.spool, body) + '\t' + body + '\n';
  return text;
}

/// As a spool itself writes it.
std::string spool_of_one_row() {
  const fuzz::TemporaryFolder folder;
  const std::string path = folder.path() + "/spool";
  {
    audit::Spool spool(path, test::key(), 0);
    spool.append(test::rows({test::event(1)}));
    spool.peek(1);
    spool.take();
    spool.trim("database", {{"live", {7, "hash"}}});
    spool.append(test::rows({test::event(2), test::event(2, audit::EventKind::close)}));
  }
  return test::read_file(path);
}

std::string bodies_of(const std::string& spool) {
  std::istringstream lines(spool);
  std::string bodies;
  for (std::string line; std::getline(lines, line);)
    bodies += line.substr(line.find('\t', line.find('\t') + 1) + 1) + '\n';
  return bodies;
}

void open(const fuzz::TemporaryFolder& folder, const std::string& bytes) {
  std::size_t waiting = 0;
  std::size_t damaged = 0;
  try {
    audit::Spool spool(folder.write("spool", bytes), test::key(), 0);
    waiting = spool.waiting();
    damaged = spool.damaged();
    fuzz::require(spool.peek(10000).size() == waiting, "what waits can be read");
  } catch (const audit::AuditError&) {
    return;
  }
  audit::Spool again(folder.path() + "/spool", test::key(), 0);
  fuzz::require(again.waiting() == waiting && again.damaged() <= damaged, "opened again it holds the same");
}

}  // namespace

fuzz::Target fuzz::spool() {
  const std::string whole = spool_of_one_row();
  return {"spool",
          {"r" + whole, "s" + bodies_of(whole)},
          {"\t", "\n", "%", "%25", "-", "open", "close", "reached", test::key().fingerprint},
          20000,
          [folder = std::make_shared<TemporaryFolder>()](const std::string& input) {
            const bool as_it_is = input.empty() || input[0] == 'r';
            const std::string rest = input.empty() ? "" : input.substr(1);
            open(*folder, as_it_is ? rest : authenticated(rest));
            std::filesystem::remove(folder->path() + "/spool.damaged");
          }};
}
