// SPDX-License-Identifier: LGPL-2.1-or-later
#include "file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "event.hpp"

namespace audit {

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

int write_all(int descriptor, std::string_view text, std::uint64_t offset) {
  while (!text.empty()) {
    const ssize_t written = ::pwrite(descriptor, text.data(), text.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written < 0 ? errno : ENOSPC;
    text.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return 0;
}

void sync_folder(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  const File file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.get() >= 0) ::fsync(file.get());
}

void write_new_file(const std::string& path, std::string_view text, Privacy privacy) {
  constexpr mode_t kOwner = S_IRUSR | S_IWUSR;
  constexpr mode_t kUsual = kOwner | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH;
  const File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                         privacy == Privacy::owner ? kOwner : kUsual));
  if (file.get() < 0 && errno == EEXIST)
    throw AuditError(path + " exists, and is not overwritten. Name another file, or move that one away.");
  if (file.get() < 0) throw AuditError(path + " cannot be made: " + std::strerror(errno) + ".");
  int code = write_all(file.get(), text, 0);
  if (code == 0 && ::fsync(file.get()) != 0) code = errno;
  if (code != 0) {
    ::unlink(path.c_str());
    throw AuditError(path + " cannot be written: " + std::strerror(code) + ".");
  }
  sync_folder(path);
}

}  // namespace audit
