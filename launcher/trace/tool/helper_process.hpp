// Does what this process, in its sandbox, no longer may.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <stdexcept>
#include <string>

namespace steg_trace::tool {

/// What the other process could not do, in its words, or that it has ended.
class HelperError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

class HelperProcess {
 public:
  /// In the other process; what it throws is what ask() throws.
  using Answer = std::function<std::string(const std::string& question)>;

  /// Forks: call it before there are other threads. The process ends with this object. `what`: what the process does,
  /// for an error.
  HelperProcess(const std::string& what, const Answer& answer);
  ~HelperProcess();
  HelperProcess(const HelperProcess&) = delete;
  HelperProcess& operator=(const HelperProcess&) = delete;

  /// Throws HelperError.
  std::string ask(const std::string& question);

 private:
  std::string what_;
  int socket_ = -1;
  int process_ = -1;
};

}  // namespace steg_trace::tool
