// SPDX-License-Identifier: LGPL-2.1-or-later
#include "checkpointer.hpp"

#include <algorithm>
#include <utility>

#include "text.hpp"

namespace audit {

namespace {

constexpr auto kLongestRetry = std::chrono::seconds(60);

}  // namespace

Checkpointer::Checkpointer(std::string place, std::chrono::seconds interval, const ChainKey& key,
                           const Listener& listener, const Deadline& deadline)
    : place_(std::move(place)), interval_(interval), key_(key), listener_(listener), deadline_(deadline) {
  if (place_.empty()) return;
  try {
    open_checkpoints(place_, Access::write, deadline_);
  } catch (const DatabaseError& error) {
    if (error.kind() == DatabaseError::Kind::refused) throw;
    listener_.problem(std::string("No checkpoints can be written for now. ") + error.what());
    failing_ = true;
  }
}

void Checkpointer::note(const std::string& stream, const Head& head, bool at_once) {
  const auto now = Deadline::Clock::now();
  if (place_.empty() || head.seq <= last_seq_ || (!at_once && now < next_)) return;
  try {
    // Opened each time: in between, the second place may be restarted or moved as it likes.
    open_checkpoints(place_, Access::write, deadline_)
        ->add({make_checkpoint(stream, head, key_, utc_time(system_time()))});
    last_seq_ = head.seq;
    next_ = now + interval_;
    if (std::exchange(failing_, false)) listener_.recovered("Checkpoints of the audit log are written again.");
  } catch (const AuditError& error) {
    if (!std::exchange(failing_, true))
      listener_.problem(std::string("No checkpoints can be written for now. ") + error.what());
    next_ = now + std::min<std::chrono::seconds>(interval_, kLongestRetry);
  }
}

}  // namespace audit
