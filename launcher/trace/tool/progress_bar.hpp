// How far a long piece of work is, for whoever watches.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace steg_trace::tool {

/// One line on the error output, drawn over again; nothing where that is no terminal.
class ProgressBar {
 public:
  explicit ProgressBar(std::string title);
  ~ProgressBar() { clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// `done`: 0 to 1.
  void show(double done);
  /// Takes the line away.
  void clear();

 private:
  std::string title_;
  bool terminal_;
  int shown_ = -1;  ///< per cent; -1 if there is no line
};

}  // namespace steg_trace::tool
