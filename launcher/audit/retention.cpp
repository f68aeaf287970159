// purge and anonymise.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/auditlog/retention.hpp"

#include <cstdio>
#include <string>
#include <vector>

#include "commands.hpp"
#include "common_options.hpp"
#include "launcher/base/text_table.hpp"
#include "plugins/auditlog/connection.hpp"
#include "plugins/auditlog/schema.hpp"
#include "plugins/auditlog/text.hpp"
#include "verify_report.hpp"

namespace auditor {

namespace {

struct Kind {
  const char* about;
  const char* more;
  const char* done;
  std::vector<audit::Cut> (*change)(audit::Connection&, const audit::ChainKey&, const std::string&, const std::string&);
};

constexpr char kPurgeAbout[] =
    "Removes the rows that are older than a time, and adds a row to each stream that names the last one removed: the\n"
    "chain still verifies, from there on. The log is verified first, because what was altered in rows that are gone "
    "can\n"
    "never be found out; a log that is not intact is not purged.";
constexpr char kPurgeMore[] =
    "Rows go in the order of the chain: one that is older, but stands behind one that is not, stays until that goes.\n"
    "Run it from cron with a role that may delete, not the one that auditlog writes with.\n\n"
    "Example, for records that may be kept for a year:\n"
    "  steg-audit purge --key-file steg.key --before \"$(date -u -d '-1 year' +%F)\"";
constexpr char kAnonymiseAbout[] =
    "Removes the client addresses from the rows that are older than a time, and adds a row to each stream that says "
    "so.\n"
    "The chain still verifies: the hashes cover a salted proof of the address, and the salt goes with it, so that "
    "nobody\n"
    "can find out which address it was, not even with the key. The log is verified first.";
constexpr char kAnonymiseMore[] =
    "Rows that an earlier version wrote (schema version 1) keep their addresses, because their hash covers them: "
    "purge\n"
    "these. Think of what else has addresses: backups, exports, spool files.\n\n"
    "Example, for addresses that may be kept for 90 days:\n"
    "  steg-audit anonymise --key-file steg.key --before \"$(date -u -d '-90 days' +%F)\"";

const Kind kPurgeKind{kPurgeAbout, kPurgeMore, "removed", audit::purge};
const Kind kAnonymiseKind{kAnonymiseAbout, kAnonymiseMore, "without their address", audit::anonymise};

int run(const Kind& kind, int argc, char** argv) {
  DatabaseOption database;
  KeyOption key;
  std::string before;
  std::string stream;
  bool dry_run = false;
  Options options("", kind.about, kind.more);
  database.add(options);
  key.add(options);
  options.text('b', "before", before, "the time, UTC: 2026-11-22 or 2026-11-22T11:29", "TIME");
  options.text('s', "stream", stream, "only this stream", "NAME");
  options.flag('n', "dry-run", dry_run, "only say what would be done");
  options.parse(argc, argv);
  if (before.empty()) throw UsageError("--before is missing: say up to which time");
  const std::string minute = minute_of(before, audit::DayEdge::first);
  const auto keys = key.keys();

  const audit::Deadline deadline;
  const auto connection =
      audit::connect(database.uri, dry_run ? audit::Access::read : audit::Access::maintain, deadline);
  audit::check_schema(*connection);
  if (!verify_and_print(database.uri, stream, keys, {}, Loudness::findings).intact()) {
    std::fputs("steg-audit: the log is not intact, and nothing was done.\n", stderr);
    return kNotIntact;
  }
  // The last key is the one in use.
  const auto cuts =
      dry_run ? audit::rows_before(*connection, minute, stream) : kind.change(*connection, keys.back(), minute, stream);
  for (const audit::Cut& cut : cuts) {
    if (cut.rows > 0)
      std::printf("%s: %lld rows %s %s, up to row %lld\n", launcher::printable(cut.stream).c_str(),
                  static_cast<long long>(cut.rows), dry_run ? "would be" : "are", kind.done,
                  static_cast<long long>(cut.through.seq));
    if (kind.change == audit::anonymise && cut.fixed_addresses > 0)
      std::printf("%s: %lld rows of schema version 1 keep their address: purge them\n",
                  launcher::printable(cut.stream).c_str(), static_cast<long long>(cut.fixed_addresses));
  }
  if (cuts.empty()) std::printf("There are no rows from before %s.\n", minute.c_str());
  return kGood;
}

}  // namespace

int purge(int argc, char** argv) { return run(kPurgeKind, argc, argv); }
int anonymise(int argc, char** argv) { return run(kAnonymiseKind, argc, argv); }

}  // namespace auditor
