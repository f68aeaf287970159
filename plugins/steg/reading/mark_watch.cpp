// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mark_watch.hpp"

namespace steg {

std::optional<Loss> MarkWatch::take(const WindowReading& window, std::uint64_t after) {
  if (window.reading) {
    id_ = window.reading->id;
    since_ = window.last_time;
    unread_ = 0;
    lost_ = false;
    return std::nullopt;
  }
  ++unread_;
  // Time that jumped back has nothing to do with what was read before.
  if (!since_ || window.first_time < *since_) since_ = window.first_time;
  if (lost_ || window.last_time - *since_ < after) return std::nullopt;
  lost_ = true;
  ++losses_;
  return Loss{id_, *since_, window.last_time, unread_};
}

}  // namespace steg
