// SPDX-License-Identifier: LGPL-2.1-or-later
#include "verify_report.hpp"

#include <cstdio>

#include "launcher/base/text_table.hpp"
#include "plugins/auditlog/schema.hpp"

namespace auditor {

namespace {

constexpr std::size_t kMostFindings = 100;

void print_intact(const std::string& stream, const audit::ChainReport& report) {
  std::string more;
  if (report.purged_through > 0)
    more += "; rows up to " + std::to_string(report.purged_through) + " were purged, as the log says itself";
  if (report.anonymised > 0)
    more += "; " + std::to_string(report.anonymised) + " have lost their address, as it says, too";
  if (report.not_checked > 0)
    more += "; " + std::to_string(report.not_checked) + " of the noted rows are among the purged";
  std::printf("%s: %lld rows are as they were written%s; the last is %lld:%s\n", stream.c_str(),
              static_cast<long long>(report.rows), more.c_str(), static_cast<long long>(report.head.seq),
              report.head.hash.c_str());
}

}  // namespace

audit::LogReport verify_and_print(const std::string& database, const std::string& stream,
                                  const std::vector<audit::ChainKey>& keys, const audit::KnownHeads& known,
                                  Loudness loudness) {
  // A connection of its own, that cannot write: it keeps no writer waiting, however long it takes.
  const audit::Deadline deadline;
  const auto connection = audit::connect(database, audit::Access::read, deadline);
  audit::check_schema(*connection);
  audit::LogReport report = audit::verify_log(*connection, keys, known, stream, kMostFindings);
  for (const std::string& finding : report.findings) std::printf("The log: %s\n", launcher::printable(finding).c_str());
  for (const auto& [name, chain] : report.streams) {
    const std::string shown = launcher::printable(name);
    if (chain.intact() && loudness == Loudness::all) print_intact(shown, chain);
    for (const audit::Finding& finding : chain.findings)
      std::printf("%s: %s\n", shown.c_str(), launcher::printable(finding.text).c_str());
    if (chain.findings.size() >= kMostFindings) std::printf("%s: there may be more.\n", shown.c_str());
  }
  return report;
}

}  // namespace auditor
