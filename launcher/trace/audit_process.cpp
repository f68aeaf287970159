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

namespace trace {
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
        std::to_string(row.intervals_open)}) {
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
  return row;
}

/// In the process: until nobody asks any more.
void answer_all(int socket, const std::string& database, audit::Query query) {
  while (const auto id = receive_message(socket)) {
    std::string answer;
    try {
      query.id = *id;
      answer = kRows;
      for (const audit::AuditRow& row : audit::find(database, query)) append(answer, row);
    } catch (const std::exception& error) {
      answer = kError + std::string(error.what());
    }
    if (!send_message(socket, answer)) return;
  }
}

}  // namespace

AuditProcess::AuditProcess(const std::string& database, const audit::Query& query) {
  int sockets[2] = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) == 0) process_ = fork();
  if (process_ < 0) throw std::runtime_error(std::string("No process can be started: ") + std::strerror(errno));
  if (process_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(sockets[0]);
    answer_all(sockets[1], database, query);
    _exit(0);
  }
  close(sockets[1]);
  socket_ = sockets[0];
}

AuditProcess::~AuditProcess() {
  close(socket_);
  waitpid(process_, nullptr, 0);
}

std::vector<audit::AuditRow> AuditProcess::rows_of(const std::string& id) {
  const auto answer = send_message(socket_, id) ? receive_message(socket_) : std::nullopt;
  if (!answer || answer->empty()) throw audit::AuditError(kLost);
  const std::string message = answer->substr(1);
  if (answer->front() == kError) throw audit::AuditError(message);
  std::vector<audit::AuditRow> rows;
  for (Parts parts(message); !parts.empty();) rows.push_back(take_row(parts));
  return rows;
}

}  // namespace trace
