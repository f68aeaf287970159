// The command line of steg-launch.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

#include "description.hpp"
#include "launcher/base/address.hpp"
#include "launcher/base/log.hpp"

namespace launcher {

struct Options {
  std::string file;
  Variables variables;
  std::optional<Address> listen;
  std::optional<std::string> token_file;
  LogFormat log_format = LogFormat::text;
  bool autostart = true;
  bool show_version = false;
  bool check = false;  ///< start nothing: only check the file
  bool print = false;  ///< start nothing: print the descriptions
};

/// Reads the command line; --help prints the text and ends the process with status 0. GStreamer's own options are
/// accepted too, and GStreamer is initialised. Throws ConfigError for anything else.
Options read_options(int argc, char** argv);

}  // namespace launcher
