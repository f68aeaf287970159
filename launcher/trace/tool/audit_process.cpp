// SPDX-License-Identifier: LGPL-2.1-or-later
#include "audit_process.hpp"

#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

#include "plugins/auditlog/verified_find.hpp"

namespace steg_trace::tool {
namespace {

constexpr char kNotOurs[] = "The answer of the process that reads the audit log cannot be read.";

void append(std::string& message, const std::string& text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  message.append(reinterpret_cast<const char*>(&size), sizeof size).append(text);
}

/// Takes a message apart again.
class Parts {
 public:
  explicit Parts(const std::string& message) : rest_(message) {}
  bool empty() const { return rest_.empty(); }
  std::string text() {
    std::uint32_t size = 0;
    if (rest_.size() < sizeof size) throw HelperError(kNotOurs);
    std::memcpy(&size, rest_.data(), sizeof size);
    rest_.remove_prefix(sizeof size);
    if (rest_.size() < size) throw HelperError(kNotOurs);
    std::string text(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return text;
  }
  std::int64_t number() { return std::stoll(text()); }
  std::optional<std::int64_t> optional_number() {
    const std::string digits = text();
    return digits.empty() ? std::nullopt : std::optional<std::int64_t>(std::stoll(digits));
  }

 private:
  std::string_view rest_;
};

std::string optional_text(const std::optional<std::int64_t>& number) { return number ? std::to_string(*number) : ""; }

void append(std::string& message, const audit::AuditRow& row) {
  for (const std::string& text :
       {row.id, row.client_ip, row.minute, row.stream, row.session, row.first_time, row.last_time,
        optional_text(row.first_pts), optional_text(row.last_pts), std::to_string(row.encoded),
        std::to_string(row.repeated), std::to_string(row.residual), row.key_fingerprint, row.model_fingerprint,
        std::to_string(row.intervals), std::to_string(row.client_ip_removed ? 1 : 0),
        std::to_string(row.intervals_open), std::to_string(row.verified ? 1 : 0)}) {
    append(message, text);
  }
}

audit::AuditRow take_row(Parts& parts) {
  audit::AuditRow row;
  for (std::string* text :
       {&row.id, &row.client_ip, &row.minute, &row.stream, &row.session, &row.first_time, &row.last_time}) {
    *text = parts.text();
  }
  row.first_pts = parts.optional_number();
  row.last_pts = parts.optional_number();
  for (std::int64_t* number : {&row.encoded, &row.repeated, &row.residual}) *number = parts.number();
  row.key_fingerprint = parts.text();
  row.model_fingerprint = parts.text();
  row.intervals = parts.number();
  row.client_ip_removed = parts.number() != 0;
  row.intervals_open = parts.number();
  row.verified = parts.number() != 0;
  return row;
}

class Log {
 public:
  Log(const std::string& database, const audit::Query& query, const std::optional<audit::ChainKey>& key)
      : database_(database), query_(query), key_(key) {}

  AuditAnswer rows_of(const std::set<std::string>& ids) const {
    AuditAnswer answer;
    if (ids.empty()) return answer;
    std::vector<audit::Query> queries;
    for (const std::string& id : ids) {
      queries.push_back(query_);
      queries.back().id = id;
    }
    audit::VerifiedAnswers verified;
    verified.records.resize(queries.size());
    if (key_) verified = audit::find_verified(database_, queries, {*key_});
    answer.intact = verified.intact;
    for (std::size_t i = 0; i < queries.size(); ++i) {
      std::vector<audit::AuditRow>& rows = answer.rows[*queries[i].id] = std::move(verified.records[i]);
      if (verified.intact) continue;
      const auto others = key_ ? audit::find_others(database_, queries[i], rows) : audit::find(database_, queries[i]);
      rows.insert(rows.end(), others.begin(), others.end());
    }
    return answer;
  }

 private:
  const std::string& database_;
  const audit::Query& query_;
  const std::optional<audit::ChainKey>& key_;
};

std::string answer(const Log& log, const std::string& question) {
  std::set<std::string> ids;
  for (Parts parts(question); !parts.empty();) ids.insert(parts.text());
  const AuditAnswer answer = log.rows_of(ids);
  std::string message;
  append(message, answer.intact ? "1" : "0");
  for (const auto& [id, rows] : answer.rows)
    for (const audit::AuditRow& row : rows) append(message, row);
  return message;
}

}  // namespace

AuditProcess::AuditProcess(const std::string& database, const audit::Query& query,
                           const std::optional<audit::ChainKey>& key)
    : process_("reads the audit log",
               [log = Log(database, query, key)](const std::string& question) { return answer(log, question); }) {}

AuditAnswer AuditProcess::rows_of(const std::set<std::string>& ids) {
  std::string question;
  for (const std::string& id : ids) append(question, id);
  const std::string message = process_.ask(question);
  AuditAnswer answer;
  for (const std::string& id : ids) answer.rows[id];
  Parts parts(message);
  answer.intact = parts.number() != 0;
  while (!parts.empty()) {
    audit::AuditRow row = take_row(parts);
    answer.rows[row.id].push_back(std::move(row));
  }
  return answer;
}

}  // namespace steg_trace::tool
