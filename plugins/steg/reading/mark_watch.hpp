// Notices that a stream no longer carries a readable mark.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "stream_reader.hpp"

namespace steg {

/// What is told when a mark is lost.
struct Loss {
  std::string id;         ///< the last one that was read; empty if none ever was
  std::uint64_t since;    ///< time of the last frame that read, or of the first frame looked at, ns
  std::uint64_t until;    ///< time of the last frame looked at, ns
  std::uint64_t windows;  ///< that said nothing in a row
};

/// Takes the windows of a StreamReader in order. A loss is told once; the next window that reads ends it.
class MarkWatch {
 public:
  /// The loss, if windows have said nothing for `after` ns by this one.
  std::optional<Loss> take(const WindowReading& window, std::uint64_t after);

  bool lost() const { return lost_; }
  std::uint64_t losses() const { return losses_; }

 private:
  std::string id_;
  std::optional<std::uint64_t> since_;
  std::uint64_t unread_ = 0;
  bool lost_ = false;
  std::uint64_t losses_ = 0;
};

}  // namespace steg
