// A file that lives as long as its owner, or a process that it was handed to.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <memory>

namespace launcher {

/// What all temporary files may hold together.
struct FileBudget {
  std::size_t left;
};

/// Has no name: nothing of it stays behind, however the process ends.
class TemporaryFile {
 public:
  /// In $TMPDIR. Throws std::runtime_error.
  explicit TemporaryFile(std::shared_ptr<FileBudget> budget);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  enum class State { whole, disk_full, budget_spent };
  /// Once something could not be taken, nothing more is, and the file is empty.
  void write(const void* data, std::size_t size);
  State state() const { return state_; }

  int descriptor() const { return descriptor_; }

 private:
  void give_up(State state);

  std::shared_ptr<FileBudget> budget_;
  std::size_t size_ = 0;
  int descriptor_ = -1;
  State state_ = State::whole;
};

}  // namespace launcher
