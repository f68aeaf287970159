// Reads a pipeline file from disk.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "launch_config.hpp"

namespace launcher {

/// Reads a GKeyFile. A backslash at the end of a line joins it with the next one, so that a long description can be
/// written over many lines; values are taken as they stand (no GKeyFile escapes), because gst-launch syntax has its
/// own. Throws ConfigError if the file cannot be read or parsed.
Groups read_key_file(const std::string& path);

/// The groups of a pipeline file, over those of the file that `base` in its [pipeline] group names (beside it, or
/// installed). Throws ConfigError.
Groups read_pipeline_groups(const std::string& path);

/// The file to read for what the user typed: a path, or the name of one of the installed pipeline files.
std::string find_pipeline_file(const std::string& name);

/// The file's name without folder and ending: what its only stream is called.
std::string stem_of(const std::string& path);

}  // namespace launcher
