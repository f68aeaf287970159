// Files that are written durably.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace audit {

/// A file descriptor that closes itself.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

/// Writes all of `text` at `offset`; returns 0 or the error code (errno).
int write_all(int descriptor, std::string_view text, std::uint64_t offset);

/// Makes the name of a new file durable: fsync of its folder.
void sync_folder(const std::string& path);

enum class Privacy {
  owner,  ///< mode 0600
  usual,  ///< mode 0666 less the umask
};

/// Makes a file that was not there, durably. Throws AuditError: it exists, or cannot be written; then nothing is left
/// of it.
void write_new_file(const std::string& path, std::string_view text, Privacy privacy);

}  // namespace audit
