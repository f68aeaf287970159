// What the launcher knows about its stream, for GET /status.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace launcher {

enum class State { stopped, starting, running, waiting, stopping };

const char* to_string(State state);

/// An ID, and the first frame that carried it.
struct AppliedId {
  std::string id;
  std::uint64_t running_time = 0;  ///< of the first frame that carries it, ns
  std::uint64_t pts = 0;           ///< of the same, ns
  std::string at;                  ///< wall-clock time when it was reported, ISO 8601 UTC
};

/// The ID that is set, and the one that the frames carry.
struct IdState {
  std::string requested;
  std::optional<AppliedId> applied;
};

struct Status {
  State state = State::stopped;
  std::map<std::string, IdState> ids;  ///< by recipient; "" where there is no fan-out
  unsigned reconnects = 0;             ///< how often the pipeline was built again
  double running_for = 0;              ///< seconds since data began to reach the sink; 0 if it does not
  std::string last_error;
  std::string last_error_at;  ///< ISO 8601 UTC
};

}  // namespace launcher
