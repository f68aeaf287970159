// A file that lives as long as its owner.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>

namespace launcher {

class TemporaryFile {
 public:
  /// In $TMPDIR, readable by its owner only. Throws std::runtime_error.
  TemporaryFile();
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  /// False once the disk did not take everything.
  bool write(const void* data, std::size_t size);
  bool is_whole() const { return whole_; }

  const std::string& path() const { return path_; }

 private:
  std::string path_;
  int descriptor_ = -1;
  bool whole_ = true;
};

}  // namespace launcher
