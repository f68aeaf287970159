// Tells a source that is slow from one that is dead, by how it has sent until now.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "launcher/base/seconds.hpp"

namespace launcher {

class SourcePatience {
 public:
  /// Something came from the source at `now`, on any clock that does not go back.
  void data(Seconds now);

  /// When something last came; nothing before that.
  std::optional<Seconds> last() const { return last_; }

  /// How long it may be silent: `idle` for one that sends steadily, three times its longest recent pause if that is
  /// more. While too little is known of it, several times `idle`.
  Seconds limit(Seconds idle) const;

  /// How long to wait for its first data, when none came in so many tries before: `idle`, so that a stream that is not
  /// there is looked for often, and in every fourth try long enough for a slow source.
  static Seconds first_limit(Seconds idle, unsigned silent_tries);

 private:
  static constexpr std::size_t kPauses = 32;
  std::array<Seconds, kPauses> pauses_{};
  std::size_t count_ = 0;  ///< of all pauses until now
  std::optional<Seconds> last_;
};

}  // namespace launcher
