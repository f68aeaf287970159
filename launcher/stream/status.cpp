// SPDX-License-Identifier: LGPL-2.1-or-later
#include "status.hpp"

namespace launcher {

const char* to_string(State state) {
  switch (state) {
    case State::stopped:
      return "stopped";
    case State::starting:
      return "starting";
    case State::running:
      return "running";
    case State::waiting:
      return "waiting";
    case State::stopping:
      return "stopping";
  }
  return "unknown";
}

}  // namespace launcher
