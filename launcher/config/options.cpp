// SPDX-License-Identifier: LGPL-2.1-or-later
#include "options.hpp"

#include <gst/gst.h>

#include <memory>

#include "launcher/base/config_error.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace launcher {
namespace {

struct FreeStrings {
  void operator()(gchar** strings) const { g_strfreev(strings); }
};
using Strings = std::unique_ptr<gchar*, FreeStrings>;

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

Options read_options(int& argc, char**& argv) {
  Options options;
  gchar** raw_variables = nullptr;
  gchar** raw_files = nullptr;
  gchar* raw_listen = nullptr;
  gchar* raw_token_file = nullptr;
  gchar* raw_log_format = nullptr;
  gboolean no_autostart = FALSE;
  gboolean show_version = FALSE;
  gboolean check = FALSE;
  gboolean print = FALSE;
  const GOptionEntry entries[] = {
      {"set", 's', 0, G_OPTION_ARG_FILENAME_ARRAY, &raw_variables, "Set a variable of the pipeline file (repeatable)",
       "NAME=VALUE"},
      {"listen", 0, 0, G_OPTION_ARG_STRING, &raw_listen, "Serve the control interface there; port 0 takes any free one",
       "ADDRESS:PORT"},
      {"token-file", 0, 0, G_OPTION_ARG_FILENAME, &raw_token_file,
       "Ask for the token in that file; needed to listen on other than loopback addresses", "FILE"},
      {"log-format", 0, 0, G_OPTION_ARG_STRING, &raw_log_format, "Write messages as text or as lines of JSON",
       "text|json"},
      {"no-autostart", 0, 0, G_OPTION_ARG_NONE, &no_autostart, "Wait for GET /pull before starting the stream",
       nullptr},
      {"check", 0, 0, G_OPTION_ARG_NONE, &check, "Read the file and build its pipelines, start nothing", nullptr},
      {"print", 0, 0, G_OPTION_ARG_NONE, &print, "Print the descriptions with the variables put in, start nothing",
       nullptr},
      {"version", 0, 0, G_OPTION_ARG_NONE, &show_version, "Print the version", nullptr},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &raw_files, nullptr, "FILE.pipeline"},
      {nullptr, 0, 0, G_OPTION_ARG_NONE, nullptr, nullptr, nullptr}};
  const std::unique_ptr<GOptionContext, decltype(&g_option_context_free)> context(
      g_option_context_new("- run a pipeline file and keep it running"), &g_option_context_free);
  g_option_context_add_main_entries(context.get(), entries, nullptr);
  g_option_context_add_group(context.get(), gst_init_get_option_group());
  g_option_context_set_description(context.get(), kHelp);
  GError* raw_error = nullptr;
  const bool parsed = g_option_context_parse(context.get(), &argc, &argv, &raw_error);
  const Strings variables(raw_variables);
  const Strings files(raw_files);
  const gststeg::Ptr<gchar> listen(raw_listen);
  const gststeg::Ptr<gchar> token_file(raw_token_file);
  const gststeg::Ptr<gchar> log_format(raw_log_format);
  const gststeg::Ptr<GError> error(raw_error);
  if (!parsed) throw ConfigError(std::string(error->message) + "; see steg-launch --help");

  options.show_version = show_version;
  options.autostart = !no_autostart;
  options.check = check;
  options.print = print;
  if (options.show_version) return options;
  if (!files || !files.get()[0]) throw ConfigError("name a pipeline file; see steg-launch --help");
  if (files.get()[1])
    throw ConfigError(std::string("name one pipeline file only: '") + files.get()[1] + "' is a second one");
  options.file = files.get()[0];
  for (gchar** entry = variables.get(); entry && *entry; ++entry) {
    // As bytes, not in the locale's encoding: pipeline files are UTF-8 wherever they run.
    const std::string text = *entry;
    if (!g_utf8_validate(text.c_str(), -1, nullptr)) throw ConfigError("--set: the value is not UTF-8");
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || !is_variable_or_stream_variable(text.substr(0, equals))) {
      throw ConfigError("--set " + text + ": write --set NAME=VALUE, or --set STREAM.NAME=VALUE");
    }
    options.variables[text.substr(0, equals)] = text.substr(equals + 1);
  }
  if (token_file) options.token_file = token_file.get();
  if (log_format) {
    const std::string format = log_format.get();
    if (format != "text" && format != "json") throw ConfigError("--log-format: write text or json");
    options.log_format = format == "json" ? LogFormat::json : LogFormat::text;
  }
  if (listen) {
    try {
      options.listen = parse_address(listen.get());
    } catch (const ConfigError& refused) {
      throw ConfigError(std::string("--listen: ") + refused.what());
    }
  }
  return options;
}

}  // namespace launcher
