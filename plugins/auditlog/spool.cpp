// SPDX-License-Identifier: LGPL-2.1-or-later
#include "spool.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "line_text.hpp"

namespace audit {

namespace {

constexpr std::size_t kChunkBytes = 64 * 1024;
constexpr std::size_t kHashDigits = 64;

std::string system_error(int code) { return std::strerror(code); }

int opened(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  if (descriptor < 0)
    throw AuditError("The spool file of the audit log, " + path + ", cannot be opened: " + system_error(errno) +
                     ". Set `spool` to a file in a folder that exists and can be written to.");
  return descriptor;
}

}  // namespace

Spool::Spool(std::string path, const ChainKey& key, std::uint64_t limit)
    : path_(std::move(path)), key_(key), limit_(limit), file_(opened(path_)) {
  if (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0)
    throw AuditError("The spool file " + path_ +
                     " is in use by another auditlog. Give each its own `stream` (or its own `spool`).");
  struct stat status {};
  if (::fstat(file_.get(), &status) != 0 || !S_ISREG(status.st_mode))
    throw AuditError("The spool " + path_ + " is not a plain file. Set `spool` to a file.");
  scan();
  sync_folder(path_);
  try {
    set_aside(0);
  } catch (const AuditError&) {
    // A disk that is full now may have room when it is needed; append() asks again.
  }
}

Spool::~Spool() {
  // Gives back what was set aside.
  if (::ftruncate(file_.get(), static_cast<off_t>(size_)) != 0) return;
}

std::string Spool::format(const std::string& kind, const Row& fields) const {
  const std::string body = kind + '\t' + join_line(fields);
  return key_.fingerprint + '\t' + hmac_hex(key_.spool, body) + '\t' + body + '\n';
}

Spool::Check Spool::parse(std::string_view text, Line& line) const {
  if (text.empty() || text.back() != '\n') return Check::damaged;
  text.remove_suffix(1);
  const std::size_t first = text.find('\t');
  if (first == std::string_view::npos || text.size() < first + kHashDigits + 2) return Check::damaged;
  const std::string_view fingerprint = text.substr(0, first);
  const std::string_view hash = text.substr(first + 1, kHashDigits);
  if (text[first + kHashDigits + 1] != '\t') return Check::damaged;
  std::string_view body = text.substr(first + kHashDigits + 2);
  if (fingerprint != key_.fingerprint) {
    if (fingerprint.find_first_not_of("0123456789abcdef") != std::string_view::npos) return Check::damaged;
    return fingerprint.size() == key_.fingerprint.size() ? Check::other_key : Check::damaged;
  }
  if (hash != hmac_hex(key_.spool, body)) return Check::damaged;
  line.fields = split_line(body);
  line.kind = line.fields.front().value_or("");
  line.fields.erase(line.fields.begin());
  return Check::good;
}

bool Spool::read_line(std::uint64_t& offset, std::string& text) {
  text.clear();
  while (true) {
    if (offset < chunk_offset_ || offset >= chunk_offset_ + chunk_.size()) {
      chunk_.resize(kChunkBytes);
      chunk_offset_ = offset;
      ssize_t count = 0;
      do {
        count = ::pread(file_.get(), chunk_.data(), chunk_.size(), static_cast<off_t>(offset));
      } while (count < 0 && errno == EINTR);
      if (count < 0) {
        const int code = errno;
        chunk_.clear();
        throw AuditError("The spool file " + path_ + " cannot be read: " + system_error(code) + ".");
      }
      chunk_.resize(static_cast<std::size_t>(count));
      if (count == 0) return !text.empty();
    }
    const auto start = static_cast<std::size_t>(offset - chunk_offset_);
    const std::size_t newline = chunk_.find('\n', start);
    const std::size_t end = newline == std::string::npos ? chunk_.size() : newline + 1;
    text.append(chunk_, start, end - start);
    offset += end - start;
    if (newline != std::string::npos) return true;
  }
}

void Spool::keep_damaged(std::string_view text) const {
  const std::string path = damaged_path();
  const File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  const std::string line = std::string(text) + (text.empty() || text.back() != '\n' ? "\n" : "");
  if (file.get() < 0 || ::write(file.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size()) ||
      ::fsync(file.get()) != 0)
    throw AuditError("The spool file " + path_ + " is damaged, and the damaged part cannot be kept in " + path + ": " +
                     system_error(errno) + ".");
}

void Spool::scan() {
  std::uint64_t offset = 0;
  std::size_t others = 0;
  std::vector<std::string> damaged;
  std::string text;
  Line line;
  while (read_line(offset, text)) {
    const Check check = parse(text, line);
    // What was being written when the power failed; the next line begins where it began.
    const bool torn = text.back() != '\n';
    if (!torn) size_ = offset;
    if (check == Check::other_key) ++others;
    if (check == Check::damaged) damaged.push_back(text);
    if (check != Check::good) continue;
    if (line.kind == "event") {
      ++waiting_;
    } else if (line.kind == "reached" && line.fields.size() == 1 && line.fields[0]) {
      database_ = *line.fields[0];
    } else if (line.kind == "head" && line.fields.size() == 3 && line.fields[0] && line.fields[2]) {
      heads_[*line.fields[0]] = {to_integer(line.fields[1]), *line.fields[2]};
    }
  }
  if (others > 0)
    throw AuditError("The spool file " + path_ + " holds " + std::to_string(others) +
                     " lines that were written with another key. Start once with the key file used then, so that they "
                     "reach the database, or move the file away.");
  for (const std::string& part : damaged) keep_damaged(part);
  damaged_ = damaged.size();
  if (::ftruncate(file_.get(), static_cast<off_t>(size_)) != 0)
    throw AuditError("The spool file " + path_ + " cannot be written: " + system_error(errno) + ".");
  chunk_.clear();
}

void Spool::set_aside(std::uint64_t bytes) {
  if (size_ + bytes + kSetAsideBytes <= room_) return;
  const std::uint64_t wanted = bytes + 2 * kSetAsideBytes;
  int result = 0;
  do {
    result = ::fallocate(file_.get(), FALLOC_FL_KEEP_SIZE, static_cast<off_t>(size_), static_cast<off_t>(wanted));
  } while (result != 0 && errno == EINTR);
  // A file system that cannot do this has nothing set aside.
  if (result != 0 && errno != EOPNOTSUPP && errno != ENOSYS)
    throw AuditError("The spool file " + path_ + " cannot be written: " + system_error(errno) + ".");
  room_ = size_ + wanted;
}

void Spool::begin_last_resort() { last_resort_ = true; }

void Spool::write_at_end(const std::string& text) {
  const int code = write_all(file_.get(), text, size_);
  if (code != 0 || ::fdatasync(file_.get()) != 0) {
    const std::string reason = system_error(code != 0 ? code : errno);
    // Half a line would spoil the next one.
    room_ = 0;
    const bool undone = ::ftruncate(file_.get(), static_cast<off_t>(size_)) == 0;
    throw AuditError("The spool file " + path_ + " cannot be written: " + reason + (undone ? "." : "; nor cut back."));
  }
  size_ += text.size();
  chunk_.clear();
}

void Spool::append(const std::vector<Row>& events) {
  std::string text;
  for (const Row& event : events) text += format("event", event);
  if (!last_resort_) {
    if (limit_ > 0 && size_ + text.size() > limit_)
      throw AuditError("The spool file " + path_ + " has reached its limit of " + std::to_string(limit_) +
                       " bytes. Bring the database back, or raise `spool-limit`.");
    set_aside(text.size());
  }
  write_at_end(text);
  waiting_ += events.size();
}

std::vector<Row> Spool::peek(std::size_t most) {
  std::vector<Row> events;
  std::uint64_t offset = taken_;
  std::string text;
  Line line;
  while (events.size() < most && offset < size_ && read_line(offset, text)) {
    if (parse(text, line) != Check::good || line.kind != "event") continue;
    check_event(line.fields);
    line.fields.resize(kEventColumns);
    events.push_back(std::move(line.fields));
  }
  peeked_ = offset;
  peeked_events_ = events.size();
  return events;
}

void Spool::take() {
  taken_ = peeked_;
  waiting_ -= peeked_events_;
  peeked_events_ = 0;
}

void Spool::trim(const std::string& database, const Heads& heads) {
  std::string text = format("reached", {database});
  for (const auto& [stream, head] : heads) text += format("head", {stream, std::to_string(head.seq), head.hash});
  // All of it is in the database: if this is cut short, the next start finds nothing, or events that are there already.
  if (::ftruncate(file_.get(), 0) != 0)
    throw AuditError("The spool file " + path_ + " cannot be written: " + system_error(errno) + ".");
  size_ = taken_ = peeked_ = room_ = 0;
  write_at_end(text);
  taken_ = size_;
  database_ = database;
  heads_ = heads;
  if (!last_resort_) set_aside(0);
}

}  // namespace audit
