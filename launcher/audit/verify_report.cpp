// SPDX-License-Identifier: LGPL-2.1-or-later
#include "verify_report.hpp"

#include <cstdio>

#include "launcher/text_table.hpp"
#include "store.hpp"

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

bool verify_streams(audit::Connection& connection, const std::vector<std::string>& streams,
                    const std::vector<audit::ChainKey>& keys, const KnownHeads& known, Loudness loudness,
                    audit::Heads* heads) {
  bool intact = true;
  for (const std::string& name : streams) {
    const auto noted = known.find(name);
    std::vector<audit::Head> ends = noted == known.end() ? std::vector<audit::Head>() : noted->second;
    // What the last transaction noted, before the rows are read: a writer may go on meanwhile.
    for (const auto& [stream, end] : audit::heads_in_database(connection, {name})) ends.push_back(end.head);
    const audit::ChainReport report = audit::verify_chain(connection, name, keys, ends, kMostFindings);
    const std::string shown = launcher::printable(name);
    if (report.intact() && loudness == Loudness::all) print_intact(shown, report);
    for (const audit::Finding& finding : report.findings)
      std::printf("%s: %s\n", shown.c_str(), launcher::printable(finding.text).c_str());
    if (report.findings.size() >= kMostFindings) std::printf("%s: there may be more.\n", shown.c_str());
    if (heads && report.head.seq > 0) (*heads)[name] = report.head;
    intact = intact && report.intact();
  }
  return intact;
}

}  // namespace auditor
