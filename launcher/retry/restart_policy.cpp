// SPDX-License-Identifier: LGPL-2.1-or-later
#include "restart_policy.hpp"

#include "launcher/base/seconds.hpp"

namespace launcher {

bool is_permanent(const Failure& failure) {
  switch (failure.place) {
    case Place::kDescription:
      return true;
    case Place::kNetworkEnd:
      // A server that does not have the stream yet says "not found", too.
      return failure.domain == ErrorDomain::kCore && failure.needs_people;
    case Place::kLocalEnd:
      return failure.needs_people || failure.domain == ErrorDomain::kResource ||
             failure.domain == ErrorDomain::kLibrary;
    case Place::kFilter:
      // Other CORE (negotiation) and STREAM (decoding, demuxing) errors follow from what the source sent.
      return failure.needs_people || failure.domain == ErrorDomain::kLibrary;
  }
  return true;
}

Verdict after_end(const RestartSettings& settings) {
  return settings.on_eos == OnEnd::kRestart ? Verdict::kRetry : Verdict::kFinish;
}

Verdict after_failure(const RestartSettings& settings, const Failure& failure, Seconds down_for) {
  if (settings.on_error == OnEnd::kExit || is_permanent(failure)) return Verdict::kGiveUp;
  if (settings.give_up_after.count() > 0 && down_for >= settings.give_up_after) return Verdict::kGiveUp;
  return Verdict::kRetry;
}

}  // namespace launcher
