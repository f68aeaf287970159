// Keeps the input that is being handled in a file, where it stays if the process ends within.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace fuzz {

class CurrentInput {
 public:
  /// Throws std::runtime_error if the file cannot be made.
  explicit CurrentInput(std::string path);
  /// Removes the file: all went well.
  ~CurrentInput();
  CurrentInput(const CurrentInput&) = delete;
  CurrentInput& operator=(const CurrentInput&) = delete;

  void set(const std::string& input) const;

 private:
  std::string path_;
  int file_;
};

}  // namespace fuzz
