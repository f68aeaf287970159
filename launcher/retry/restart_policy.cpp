// SPDX-License-Identifier: LGPL-2.1-or-later
#include "restart_policy.hpp"

#include "launcher/base/seconds.hpp"

namespace launcher {

bool is_permanent(const Failure& failure) {
  switch (failure.place) {
    case Place::description:
      return true;
    case Place::network_end:
      // A server that does not have the stream yet says "not found", too.
      return failure.domain == ErrorDomain::core && failure.needs_people;
    case Place::local_end:
      return failure.needs_people || failure.domain == ErrorDomain::resource || failure.domain == ErrorDomain::library;
    case Place::filter:
      // Other CORE (negotiation) and STREAM (decoding, demuxing) errors follow from what the source sent.
      return failure.needs_people || failure.domain == ErrorDomain::library;
  }
  return true;
}

Verdict after_end(const RestartSettings& settings) {
  return settings.on_eos == OnEnd::restart ? Verdict::retry : Verdict::finish;
}

Verdict after_failure(const RestartSettings& settings, const Failure& failure, Seconds down_for) {
  if (settings.on_error == OnEnd::exit || is_permanent(failure)) return Verdict::give_up;
  if (settings.give_up_after.count() > 0 && down_for >= settings.give_up_after) return Verdict::give_up;
  return Verdict::retry;
}

}  // namespace launcher
