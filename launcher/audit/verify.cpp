// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdio>
#include <string>
#include <vector>

#include "commands.hpp"
#include "common_options.hpp"
#include "launcher/text_table.hpp"
#include "verify_chain.hpp"

namespace auditor {

namespace {

constexpr char kAbout[] =
    "Walks the hash chain of every stream, or of one, and names the rows that were altered, removed, inserted or "
    "moved,\n"
    "the first one first.";
constexpr char kMore[] =
    "Rows cut off at the end leave a shorter chain that is valid in itself: only the last hash of an earlier run "
    "shows\n"
    "them. Note the hash that this command prints, and give it later with --known SEQ:HASH.\n\n"
    "Examples:\n"
    "  steg-audit verify --key-file steg.key\n"
    "  steg-audit verify --key-file steg.key --stream live/one --known 1834:9f86d081…";

}  // namespace

int verify(int argc, char** argv) {
  DatabaseOption database;
  KeyOption key;
  std::string stream;
  std::string known;
  Options options("", kAbout, kMore);
  database.add(options);
  key.add(options);
  options.text('s', "stream", stream, "only this stream", "NAME");
  options.text('n', "known", known, "number and hash of a row noted earlier, which must be there still", "SEQ:HASH");
  options.parse(argc, argv);
  std::optional<audit::Head> head;
  if (!known.empty()) {
    if (stream.empty()) throw UsageError("--known needs --stream: it is a row of one stream");
    const std::size_t colon = known.find(':');
    if (colon == std::string::npos) throw UsageError("--known is SEQ:HASH, as verify prints it");
    head = audit::Head{audit::to_integer(known.substr(0, colon)), known.substr(colon + 1)};
  }
  const auto keys = key.keys();
  bool intact = true;
  const std::vector<std::string> names =
      stream.empty() ? audit::streams(database.uri) : std::vector<std::string>{stream};
  for (const std::string& name : names) {
    const audit::ChainReport report = audit::verify_chain(database.uri, name, keys, head);
    const std::string shown = launcher::printable(name);
    if (report.intact())
      std::printf("%s: %lld rows are as they were written; the last is %lld:%s\n", shown.c_str(),
                  static_cast<long long>(report.rows), static_cast<long long>(report.head.seq),
                  report.head.hash.c_str());
    for (const audit::Finding& finding : report.findings)
      std::printf("%s: %s\n", shown.c_str(), launcher::printable(finding.text).c_str());
    intact = intact && report.intact();
  }
  if (names.empty()) std::puts("The log has no rows.");
  return intact ? kGood : kNotIntact;
}

}  // namespace auditor
