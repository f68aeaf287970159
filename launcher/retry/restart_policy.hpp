// Decides what an error, an end or a silence of the stream means: try again, end well, or give up.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "launcher/base/seconds.hpp"

namespace launcher {

enum class OnEnd { restart, exit };

/// The [restart] group of a pipeline file.
struct RestartSettings {
  OnEnd on_eos = OnEnd::exit;    ///< after an end of stream that nobody asked for
  OnEnd on_error = OnEnd::exit;  ///< after an error that may pass
  Seconds initial_delay{0.25};   ///< first wait between tries
  Seconds max_delay{4};          ///< longest wait between tries
  Seconds stable_after{5};       ///< after running so long, the next failure waits initial_delay again
  Seconds give_up_after{0};      ///< give up when nothing has run for so long; 0: never
  Seconds stall_timeout{10};     ///< no buffer at any sink for so long is a failure; 0: wait for ever
  /// A source that was steady and is silent for so long is a failure (SourcePatience). 0: only stall_timeout counts,
  /// for silent sources too.
  Seconds idle_timeout{0};
  Seconds stop_timeout{3};  ///< how long a stop waits for the end of stream to arrive
};

/// Where an error came from.
enum class Place {
  network_end,  ///< a source or sink that talks to another machine or process
  local_end,    ///< a source or sink of files and the like
  filter,       ///< any other element
  description   ///< the description itself: it cannot be parsed or linked, or names an element that is not installed
};

/// GStreamer's four domains of errors.
enum class ErrorDomain { core, library, resource, stream };

struct Failure {
  Place place = Place::filter;
  ErrorDomain domain = ErrorDomain::stream;
  bool needs_people =
      false;         ///< a plugin that is not installed, a setting that cannot be used, a file that is not there
  std::string text;  ///< one sentence for people
};

/// True if trying again cannot help: a missing element, a bad setting, a file that is not there. What another machine
/// does (refuses, disappears, sends damaged data) may pass, and so may a filter's trouble with a database or a disk.
bool is_permanent(const Failure& failure);

enum class Verdict { retry, finish, give_up };

/// After an end of stream that nobody asked for.
Verdict after_end(const RestartSettings& settings);

/// After an error; `down_for` is the time since the stream last ran (or was first asked for).
Verdict after_failure(const RestartSettings& settings, const Failure& failure, Seconds down_for);

}  // namespace launcher
