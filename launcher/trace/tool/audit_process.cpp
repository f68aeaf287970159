// SPDX-License-Identifier: LGPL-2.1-or-later
#include "audit_process.hpp"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <stdexcept>

#include "plugins/auditlog/verified_find.hpp"

namespace steg_trace::tool {
namespace {

constexpr char kRows = 'r';
constexpr char kError = 'e';
constexpr char kLost[] = "The process that reads the audit log has ended. Try again.";

bool send_all(int socket, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = send(socket, data, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    data += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

bool receive_all(int socket, char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t got = recv(socket, data, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    data += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

void append(std::string& message, const std::string& text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  message.append(reinterpret_cast<const char*>(&size), sizeof size).append(text);
}

bool send_message(int socket, const std::string& text) {
  std::string message;
  append(message, text);
  return send_all(socket, message.data(), message.size());
}

std::optional<std::string> receive_message(int socket) {
  std::uint32_t size = 0;
  if (!receive_all(socket, reinterpret_cast<char*>(&size), sizeof size)) return std::nullopt;
  std::string text(size, '\0');
  if (!receive_all(socket, text.data(), size)) return std::nullopt;
  return text;
}

/// Takes a message apart again.
class Parts {
 public:
  explicit Parts(const std::string& message) : rest_(message) {}
  bool empty() const { return rest_.empty(); }
  std::string text() {
    std::uint32_t size = 0;
    if (rest_.size() < sizeof size) throw audit::AuditError(kLost);
    std::memcpy(&size, rest_.data(), sizeof size);
    rest_.remove_prefix(sizeof size);
    if (rest_.size() < size) throw audit::AuditError(kLost);
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

/// In the process: until nobody asks any more.
void answer_all(int socket, const Log& log) {
  while (const auto question = receive_message(socket)) {
    std::string message;
    try {
      std::set<std::string> ids;
      for (Parts parts(*question); !parts.empty();) ids.insert(parts.text());
      const AuditAnswer answer = log.rows_of(ids);
      message = kRows;
      append(message, answer.intact ? "1" : "0");
      for (const auto& [id, rows] : answer.rows)
        for (const audit::AuditRow& row : rows) append(message, row);
    } catch (const std::exception& error) {
      message = kError + std::string(error.what());
    }
    if (!send_message(socket, message)) return;
  }
}

}  // namespace

AuditProcess::AuditProcess(const std::string& database, const audit::Query& query,
                           const std::optional<audit::ChainKey>& key) {
  int sockets[2] = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) == 0) process_ = fork();
  if (process_ < 0) throw std::runtime_error(std::string("No process can be started: ") + std::strerror(errno));
  if (process_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(sockets[0]);
    answer_all(sockets[1], Log(database, query, key));
    _exit(0);
  }
  close(sockets[1]);
  socket_ = sockets[0];
}

AuditProcess::~AuditProcess() {
  close(socket_);
  waitpid(process_, nullptr, 0);
}

AuditAnswer AuditProcess::rows_of(const std::set<std::string>& ids) {
  std::string question;
  for (const std::string& id : ids) append(question, id);
  const auto reply = send_message(socket_, question) ? receive_message(socket_) : std::nullopt;
  if (!reply || reply->empty()) throw audit::AuditError(kLost);
  const std::string message = reply->substr(1);
  if (reply->front() == kError) throw audit::AuditError(message);
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
