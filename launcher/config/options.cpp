// SPDX-License-Identifier: LGPL-2.1-or-later
#include "options.hpp"

#include <gst/gst.h>

#include <string>
#include <vector>

#include "launcher/base/command_line.hpp"
#include "launcher/base/config_error.hpp"

namespace launcher {
namespace {

constexpr const char* kHelp =
    "FILE is a path, or the name of one of the installed pipeline files (rtmp.pipeline, file.pipeline).\n"
    "\n"
    "Examples:\n"
    "  steg-launch rtmp.pipeline --set id=ALICE1 --set input=rtmp://127.0.0.1:1935/live/stream\n"
    "  curl -X POST -d '{\"id\": \"BOB2\"}' http://127.0.0.1:5000/custom\n"
    "\n"
    "SIGINT and SIGTERM end the stream, so that recordings are complete, and then the process; a second one ends\n"
    "it at once. Exit status: 0 finished or stopped, 1 failed, 2 wrong command line or pipeline file.";

bool is_variable_or_stream_variable(const std::string& text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string::npos) return is_variable_name(text);
  return is_variable_name(text.substr(0, dot)) && is_variable_name(text.substr(dot + 1));
}

}  // namespace

Options read_options(int argc, char** argv) {
  Options options;
  std::vector<std::string> variables;
  std::vector<std::string> files;
  std::optional<std::string> listen;
  std::optional<std::string> log_format;
  bool no_autostart = false;
  CommandLine line("- run a pipeline file and keep it running", nullptr, kHelp);
  line.paths('s', "set", variables, "Set a variable of the pipeline file (repeatable)", "NAME=VALUE");
  line.text(0, "listen", listen, "Serve the control interface there; port 0 takes any free one", "ADDRESS:PORT");
  line.path(0, "token-file", options.token_file,
            "Ask for the token in that file; needed to listen on other than loopback addresses", "FILE");
  line.text(0, "log-format", log_format, "Write messages as text or as lines of JSON", "text|json");
  line.flag(0, "no-autostart", no_autostart, "Wait for GET /pull before starting the stream");
  line.flag(0, "check", options.check, "Read the file and build its pipelines, start nothing");
  line.flag(0, "print", options.print, "Print the descriptions with the variables put in, start nothing");
  line.flag(0, "version", options.show_version, "Print the version");
  line.rest_paths(files, "FILE.pipeline");
  line.group(gst_init_get_option_group());
  try {
    line.parse(argc, argv);
  } catch (const UsageError& error) {
    throw ConfigError(std::string(error.what()) + "; see steg-launch --help");
  }

  options.autostart = !no_autostart;
  if (options.show_version) return options;
  if (files.empty()) throw ConfigError("name a pipeline file; see steg-launch --help");
  if (files.size() > 1) throw ConfigError("name one pipeline file only: '" + files[1] + "' is a second one");
  options.file = files.front();
  for (const std::string& text : variables) {
    // As bytes, not in the locale's encoding: pipeline files are UTF-8 wherever they run.
    if (!g_utf8_validate(text.c_str(), -1, nullptr)) throw ConfigError("--set: the value is not UTF-8");
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || !is_variable_or_stream_variable(text.substr(0, equals))) {
      throw ConfigError("--set " + text + ": write --set NAME=VALUE, or --set STREAM.NAME=VALUE");
    }
    options.variables[text.substr(0, equals)] = text.substr(equals + 1);
  }
  if (log_format) {
    if (*log_format != "text" && *log_format != "json") throw ConfigError("--log-format: write text or json");
    options.log_format = *log_format == "json" ? LogFormat::json : LogFormat::text;
  }
  if (listen) {
    try {
      options.listen = parse_address(*listen);
    } catch (const ConfigError& refused) {
      throw ConfigError(std::string("--listen: ") + refused.what());
    }
  }
  return options;
}

}  // namespace launcher
