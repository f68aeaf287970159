// SPDX-License-Identifier: LGPL-2.1-or-later
#include "status.hpp"

namespace launcher {

const char* to_string(State state) {
  switch (state) {
    case State::kStopped:
      return "stopped";
    case State::kStarting:
      return "starting";
    case State::kRunning:
      return "running";
    case State::kWaiting:
      return "waiting";
    case State::kStopping:
      return "stopping";
  }
  return "unknown";
}

}  // namespace launcher
