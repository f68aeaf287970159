// SPDX-License-Identifier: LGPL-2.1-or-later
#include "verified_records.hpp"

#include <algorithm>
#include <utility>

namespace audit {

namespace {

std::string text(const Row& row, Column column) { return row.at(column).value_or(""); }

std::optional<std::int64_t> number(const Row& row, Column column) {
  return row.at(column) ? std::optional<std::int64_t>(to_integer(row[column])) : std::nullopt;
}

/// The later of two; one that is not known is earlier than any.
void later(std::optional<std::int64_t>& so_far, const std::optional<std::int64_t>& other) {
  if (other && (!so_far || *other > *so_far)) so_far = other;
}

void end_interval(AuditRow& record, const std::string& last_time, const std::optional<std::int64_t>& last_pts) {
  record.last_time = std::max(record.last_time, last_time);
  later(record.last_pts, last_pts);
}

}  // namespace

bool fits(const Query& query, const Row& row) {
  const auto is = [&](Column column, const std::optional<std::string>& wanted) {
    return !wanted || row.at(column) == *wanted;
  };
  return is(kId, query.id) && is(kClientIp, query.client_ip) && is(kStream, query.stream) &&
         (!query.from_minute || row.at(kMinute) >= *query.from_minute) &&
         (!query.to_minute || row.at(kMinute) <= *query.to_minute);
}

void VerifiedRecords::row(const Row& row) {
  if (row.at(kEvent) == "open" && fits(query_, row)) open(row);
  if (row.at(kEvent) == "close") close(row);
}

void VerifiedRecords::open(const Row& row) {
  Group group{text(row, kId),      text(row, kClientIp),       text(row, kMinute),          text(row, kStream),
              text(row, kSession), text(row, kKeyFingerprint), text(row, kModelFingerprint)};
  auto [place, added] = groups_.try_emplace(group);
  AuditRow& record = place->second;
  const auto first_pts = number(row, kFirstPts);
  if (added) {
    std::tie(record.id, record.client_ip, record.minute, record.stream, record.session, record.key_fingerprint,
             record.model_fingerprint) = group;
    record.first_time = text(row, kFirstTime);
    record.first_pts = first_pts;
    record.intervals = 0;
    record.verified = true;
  }
  record.first_time = std::min(record.first_time, text(row, kFirstTime));
  if (first_pts && (!record.first_pts || *first_pts < *record.first_pts)) record.first_pts = first_pts;
  record.intervals += 1;
  record.client_ip_removed = record.client_ip_removed || (row.at(kClientIpProof) && !row.at(kClientIpSalt));
  open_[{text(row, kStream), text(row, kSession), text(row, kRecord), text(row, kMinute)}] =
      Open{std::move(group), text(row, kLastTime), number(row, kLastPts)};
}

void VerifiedRecords::close(const Row& row) {
  const auto open = open_.find({text(row, kStream), text(row, kSession), text(row, kRecord), text(row, kMinute)});
  if (open == open_.end()) return;
  AuditRow& record = groups_.at(open->second.group);
  const auto last_pts = number(row, kLastPts);
  end_interval(record, text(row, kLastTime), last_pts ? last_pts : open->second.last_pts);
  record.encoded += to_integer(row.at(kEncoded));
  record.repeated += to_integer(row.at(kRepeated));
  record.residual += to_integer(row.at(kResidual));
  open_.erase(open);
}

std::vector<AuditRow> VerifiedRecords::records() const {
  auto groups = groups_;
  for (const auto& [interval, open] : open_) {
    AuditRow& record = groups.at(open.group);
    record.intervals_open += 1;
    end_interval(record, open.last_time, open.last_pts);
  }
  std::vector<AuditRow> records;
  for (auto& [group, record] : groups) records.push_back(std::move(record));
  std::stable_sort(records.begin(), records.end(),
                   [](const AuditRow& a, const AuditRow& b) { return a.first_time > b.first_time; });
  if (records.size() > query_.most) records.resize(query_.most);
  return records;
}

}  // namespace audit
