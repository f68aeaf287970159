// What must not reach libsoup: it forgets the path of a request whose length it cannot read, so that each costs memory.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>

namespace launcher {

/// Looks at the head of the first request of a connection. What comes after it is not looked at.
class RequestHead {
 public:
  /// Takes bytes as they come. False if the connection is to be closed: the head is longer than kMost, holds a NUL or a
  /// folded line, or says in a way that is not plain how long the body is (RFC 9112, 5.2 and 6).
  bool take(const char* data, std::size_t size);

  static constexpr std::size_t kMost = 65536;

 private:
  bool end_of_line();
  bool take_field(const std::string& name, const std::string& value);

  std::string line_;
  std::size_t size_ = 0;
  bool begun_ = false;
  bool whole_ = false;
  bool has_length_ = false;
};

}  // namespace launcher
