// SPDX-License-Identifier: LGPL-2.1-or-later
#include "marked_text.hpp"

#include <cmath>
#include <set>

#include "plugins/steg/watermark/day_clock.hpp"

namespace steg_trace::tool {
namespace {

constexpr double kDay = 86400.0;
// A frame is written down when it leaves the encoder, somewhat later than it is marked.
constexpr double kSlack = 5.0;

std::string minute_of(double seconds) { return steg::time_of_day_text(std::fmod(seconds + kDay, kDay)).substr(0, 5); }

}  // namespace

std::string marked_text(const Segment& segment) {
  if (!segment.marked) return {};
  return steg::time_of_day_text(segment.marked->from) + "-" + steg::time_of_day_text(segment.marked->to);
}

std::optional<bool> audit_agrees(const Report& report, const Segment& segment) {
  const auto rows = report.audit.find(segment.id);
  if (!segment.marked || rows == report.audit.end()) return std::nullopt;
  std::set<std::string> minutes;
  for (const audit::AuditRow& row : rows->second) {
    if (report.audit_intact && !row.verified) continue;
    const std::size_t begin = row.minute.find('T') + 1;
    minutes.insert(row.minute.substr(begin, 5));
  }
  if (minutes.empty()) return std::nullopt;
  const double from = segment.marked->from;
  const double to = segment.marked->to < from ? segment.marked->to + kDay : segment.marked->to;
  for (double time = from; time < to; time += 1.0) {
    if (minutes.count(minute_of(time - kSlack)) == 0 && minutes.count(minute_of(time + kSlack)) == 0) return false;
  }
  return true;
}

std::string audit_standing(const Report& report) {
  if (!report.audit_intact)
    return "As the database gives them, not verified: with the --key-file of the log only rows that are as they were "
           "written are taken for true.";
  if (*report.audit_intact) return "Verified: the log is as it was written.";
  return "Under this key the log is not intact: rows that are not verified may be forged, and others may be missing. "
         "Run steg-audit verify.";
}

std::string audit_text_of(const Report& report, const Segment& segment) {
  const std::optional<bool> agrees = audit_agrees(report, segment);
  if (!agrees) return {};
  return *agrees ? "agrees" : "does not agree";
}

}  // namespace steg_trace::tool
