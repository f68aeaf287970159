// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdio>
#include <utility>

#include "commands.hpp"
#include "common_options.hpp"
#include "plugins/auditlog/verified_find.hpp"
#include "records_text.hpp"

namespace auditor {

namespace {

constexpr char kListAbout[] =
    "Shows who was given which ID when: one record for each ID, address and minute of a session, latest first.\n"
    "Without a filter all records are shown, up to the limit.";
constexpr char kListMore[] =
    "Examples:\n"
    "  steg-audit list --id alice\n"
    "  steg-audit list --client-ip 192.0.2.7 --from 2026-11-22 --to 2026-11-22 --format csv\n"
    "  steg-audit list --database postgresql://reader@db/steg_audit --stream live/one --format json\n\n"
    "With --key-file all streams are read and verified, and only records of rows that are as they were written are "
    "shown;\n"
    "if there is anything else, the exit status is 1. Without it, records are shown as the database gives them.\n\n"
    "In tables, control characters appear as \\xNN. A record that is \"open\" runs still, or was cut off by a crash.";

}  // namespace

int list(int argc, char** argv) {
  DatabaseOption database;
  FilterOption filter;
  KeyOption key;
  std::string format = "table";
  std::int64_t limit = 1000;
  Options options("", kListAbout, kListMore);
  database.add(options);
  filter.add(options);
  key.add(options);
  options.text('o', "format", format, "table (default), json or csv", "FORMAT");
  options.number('n', "limit", limit, "show at most this many records, 0 for all (default: 1000)", "N");
  options.parse(argc, argv);
  if (limit < 0) throw UsageError("--limit must be 0 or more");
  if (format != "table" && format != "json" && format != "csv") throw UsageError("--format must be table, json or csv");
  audit::Query query = filter.query();
  // One more, to know whether there are more.
  query.most = limit == 0 ? audit::kAllRows : static_cast<std::size_t>(limit) + 1;
  const bool verified = !key.files.empty();
  bool intact = true;
  std::vector<audit::AuditRow> rows;
  if (verified) {
    audit::VerifiedAnswers answers = audit::find_verified(database.uri, {query}, key.keys());
    intact = answers.intact;
    rows = std::move(answers.records.front());
  } else {
    rows = audit::find(database.uri, query);
  }
  const bool cut = limit > 0 && rows.size() > static_cast<std::size_t>(limit);
  if (cut) rows.pop_back();
  const std::string text = format == "json"  ? records_json(rows)
                           : format == "csv" ? records_csv(rows)
                                             : records_table(rows);
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (cut)
    std::fprintf(stderr, "steg-audit: there are more than %lld records: use --limit 0 for all.\n",
                 static_cast<long long>(limit));
  if (!verified) {
    std::fputs("steg-audit: not verified: these are the records as the database gives them. See --key-file.\n", stderr);
  } else if (!intact) {
    std::fputs("steg-audit: the log is not intact, and more may have been in it. See steg-audit verify.\n", stderr);
    return kNotIntact;
  }
  return kGood;
}

}  // namespace auditor
