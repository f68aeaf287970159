// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <sstream>

#include "formatted.hpp"
#include "launcher/base/text_table.hpp"
#include "marked_text.hpp"
#include "report.hpp"
#include "report_ab.hpp"

namespace steg_trace::tool {
namespace {

using launcher::text_table;
using Row = std::vector<std::string>;

std::string ids_text(const Report& report, const Findings& file) {
  if (file.segments.empty()) return {};
  const bool timed = std::any_of(file.segments.begin(), file.segments.end(),
                                 [](const Segment& segment) { return segment.marked.has_value(); });
  const bool audited = timed && !report.database.empty();
  std::vector<Row> rows{{"from", "to", "ID", "p-value", "S", "bits", "frames"}};
  if (timed) rows.front().push_back("marked (UTC)");
  if (audited) rows.front().push_back("audit log");
  for (const Segment& segment : file.segments) {
    rows.push_back({clock_text(segment.from), clock_text(segment.to), segment.id, p_value_text(segment.log10_p),
                    format("%.1f", segment.signature), format("%.1f%%", 100.0 * segment.bit_accuracy),
                    std::to_string(segment.frames)});
    if (timed) rows.back().push_back(segment.marked ? marked_text(segment) : "not known");
    if (audited) rows.back().push_back(audit_text_of(report, segment));
  }
  return text_table(rows, 2);
}

std::string file_text(const Report& report, const Findings& file) {
  std::ostringstream text;
  text << file.file << ": ";
  text << file.width << "x" << file.height << ", ";
  if (file.duration > 0.0) text << clock_text(file.duration) << ", ";
  text << file.frames << (file.frames == 1 ? " frame read\n" : " frames read\n");
  if (!file.warning.empty()) text << "  " << file.warning << "\n";
  if (!file.has_mark()) {
    text << "  No mark found under this key.\n";
    return text.str();
  }
  text << ids_text(report, file);
  if (file.ab) text << ab_text(report, *file.ab);
  if (file.found) text << "  Found by a search: " << file.found->how << ".\n";
  if (file.earlier) text << "  Marked with an earlier network, and read with " << file.earlier->path << ".\n";
  if (std::any_of(file.segments.begin(), file.segments.end(), [](const Segment& segment) { return segment.mixed; }))
    text << "  IDs of the same time: copies were mixed, averaged or with frames or regions in turn.\n";
  return text.str();
}

std::string audit_text(const Report& report) {
  std::string text = "\nAudit log\n";
  std::vector<Row> rows{{"ID", "minute", "client", "stream", "first", "last", "frames"}};
  if (report.audit_intact == false) rows.front().push_back("");
  for (const auto& [id, entries] : report.audit) {
    if (entries.empty()) rows.push_back({id, "no row of this ID"});
    for (const audit::AuditRow& entry : entries) {
      rows.push_back({entry.id, entry.minute, entry.client_ip.empty() ? "-" : entry.client_ip, entry.stream,
                      entry.first_time, entry.last_time,
                      std::to_string(entry.encoded + entry.repeated + entry.residual)});
      if (report.audit_intact == false) rows.back().push_back(entry.verified ? "verified" : "not verified");
    }
  }
  return text + text_table(rows, 2) + "  " + audit_standing(report) + "\n";
}

}  // namespace

std::string clock_text(double seconds) {
  // Rounded first, so that 59.999 does not become 0:60.00.
  const auto hundredths = static_cast<long long>(std::llround(seconds * 100.0));
  const long long whole = hundredths / 100;
  const auto rest = static_cast<int>(hundredths % 100);
  if (whole >= 3600) return format("%lld:%02lld:%02lld.%02d", whole / 3600, whole / 60 % 60, whole % 60, rest);
  return format("%lld:%02lld.%02d", whole / 60, whole % 60, rest);
}

std::string p_value_text(double log10_p) {
  double exponent = std::floor(log10_p);
  double mantissa = std::pow(10.0, log10_p - exponent);
  if (mantissa >= 9.95) {
    mantissa = 1.0;
    exponent += 1.0;
  }
  return format("%.1fe%+03.0f", mantissa, exponent);
}

std::string report_text(const Report& report) {
  std::string text;
  bool any = false;
  bool named = false;  // viewers, by their segments
  for (const Findings& file : report.files) {
    if (!file.error.empty()) continue;  // told on the error output
    text += file_text(report, file);
    any = any || !file.segments.empty();
    named = named || (file.ab && !file.ab->scored.empty() && file.ab->scored.front().named);
  }
  if (report.audit_unread) {
    text += "\nThe audit log could not be read: nothing is said here of its rows.\n";
  } else if (any || (named && !report.database.empty())) {
    text += report.database.empty()
                ? "\nTo see who was given these IDs, add --database with the URI of auditlog, for instance "
                  "sqlite:steg-audit.db.\n"
                : audit_text(report);
  }
  return text;
}

}  // namespace steg_trace::tool
