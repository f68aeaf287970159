// SPDX-License-Identifier: LGPL-2.1-or-later
#include "options.hpp"

#include <gst/gst.h>

#include <cmath>
#include <cstdio>
#include <memory>
#include <utility>

#include "plugins/auditlog/connection.hpp"
#include "plugins/auditlog/text.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace trace {
namespace {

using gststeg::Ptr;

constexpr char kSummary[] =
    "Finds the ID that stegencode put into a video or an image, also in copies that were scaled, cropped, turned\n"
    "or mirrored.\n"
    "FILE is a video or an image, or a URI of one.\n\n"
    "Exit status: 0 an ID was found, 1 none was found, 2 something could not be read.";

struct FreeContext {
  void operator()(GOptionContext* context) const { g_option_context_free(context); }
};
struct FreeNames {
  void operator()(gchar** names) const { g_strfreev(names); }
};

std::string taken(gchar* text) {
  const Ptr<gchar> owned(text);
  return owned ? owned.get() : "";
}

std::string command_line(int argc, char** argv) {
  std::string line = "steg-trace";
  for (int i = 1; i < argc; ++i) {
    std::string word = argv[i];
    const std::size_t uri = word.find("postgres");
    if (uri != std::string::npos) word = word.substr(0, uri) + audit::without_password(word.substr(uri));
    const bool plain = word.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                           "_-./:=@,+%") == std::string::npos;
    line += ' ' + (plain && !word.empty() ? word : taken(g_shell_quote(word.c_str())));
  }
  return line;
}

/// Why the options cannot be; empty if they can.
std::string fault(const Options& options) {
  if (options.files.empty()) return "no file is given";
  if (!(options.max_p_value > 0.0 && options.max_p_value <= 1.0))
    return "--max-p-value must be more than 0 and at most 1";
  if (!(options.rate > 0.0 && std::isfinite(options.rate))) return "--rate must be more than 0";
  if (!(options.epoch_period >= 1e-3 && options.epoch_period <= 86400.0))
    return "--epoch-period must be 0.001 to 86400 seconds, as stegencode's epoch-period was";
  if (options.threads < 0 || options.threads > 1024) return "--threads must be 1 to 1024, or 0 for one per CPU";
  if (options.max_pixels < 1) return "--max-pixels must be 1 or more";
  const audit::Query& issued = options.issued;
  if (options.database.empty() && (issued.stream || issued.from_minute || issued.to_minute))
    return "--stream, --from and --to choose records of the audit log: give --database, too";
  return {};
}

void take_query(audit::Query& query, const std::string& stream, const std::string& from, const std::string& to) {
  query.most = audit::kAllRows;
  if (!stream.empty()) query.stream = stream;
  if (!from.empty()) query.from_minute = audit::minute_of_text(from, audit::DayEdge::first);
  if (!to.empty()) query.to_minute = audit::minute_of_text(to, audit::DayEdge::last);
}

}  // namespace

bool parse(int argc, char** argv, Options& options) {
  options.command = command_line(argc, argv);
  gchar* key_file = nullptr;
  gchar* database = nullptr;
  gchar* stream = nullptr;
  gchar* from = nullptr;
  gchar* to = nullptr;
  gchar* model = nullptr;
  gchar* html = nullptr;
  gchar** files = nullptr;
  gboolean json = FALSE;
  gboolean version = FALSE;
  gboolean no_search = FALSE;
  gboolean thorough = FALSE;
  gboolean verbose = FALSE;
  const GOptionEntry entries[] = {
      {"key-file", 'k', 0, G_OPTION_ARG_FILENAME, &key_file,
       "Secret key that the marks were made with (64 hexadecimal digits); default: the public key", "FILE"},
      {"database", 'd', 0, G_OPTION_ARG_STRING, &database,
       "Audit log to look the IDs up in, such as sqlite:steg-audit.db or postgresql://user@host/name; the IDs in it "
       "are tried, too, which finds weaker marks",
       "URI"},
      {"stream", 's', 0, G_OPTION_ARG_STRING, &stream, "Of the audit log, only the records of this stream", "NAME"},
      {"from", 0, 0, G_OPTION_ARG_STRING, &from, "Only records from this time on, UTC: 2026-11-22 or 2026-11-22T11:29",
       "TIME"},
      {"to", 0, 0, G_OPTION_ARG_STRING, &to, "Only records up to this time, including that minute or that day", "TIME"},
      {"json", 'j', 0, G_OPTION_ARG_NONE, &json, "Print JSON instead of a table", nullptr},
      {"report", 'o', 0, G_OPTION_ARG_FILENAME, &html,
       "Write a report, too: one HTML page with pictures, soft bits, audit rows, hashes and the command to repeat it",
       "FILE"},
      {"max-p-value", 'p', 0, G_OPTION_ARG_DOUBLE, &options.max_p_value,
       "Report an ID if the probability of a false report is at most this (default: 1e-9)", "P"},
      {"rate", 'r', 0, G_OPTION_ARG_DOUBLE, &options.rate,
       "Take at most this many frames per second of video (default: 10)", "N"},
      {"epoch-period", 0, 0, G_OPTION_ARG_DOUBLE, &options.epoch_period,
       "The epoch-period that stegencode had (default: 2); tells when each part was marked", "SECONDS"},
      {"thorough", 0, 0, G_OPTION_ARG_NONE, &thorough,
       "Decode and look at all frames taken, also where fewer are sure of the ID: for an inset from another copy",
       nullptr},
      {"no-search", 0, 0, G_OPTION_ARG_NONE, &no_search,
       "Only read the whole picture as it is; do not look for a part of it, or for one that was turned or mirrored",
       nullptr},
      {"model", 'm', 0, G_OPTION_ARG_FILENAME, &model,
       "Extractor network, that one alone (default: extractor.pt in $GST_STEG_MODEL_PATH, else as installed, then "
       "those of earlier networks beside it)",
       "FILE"},
      {"max-pixels", 0, 0, G_OPTION_ARG_INT64, &options.max_pixels,
       "Largest picture that is decoded, in pixels (default: 67108864, which is 8192x8192)", "N"},
      {"threads", 't', 0, G_OPTION_ARG_INT, &options.threads, "Threads for the network (default: one per CPU)", "N"},
      {"verbose", 'v', 0, G_OPTION_ARG_NONE, &verbose, "Say each time a file is read, and how, on the error output",
       nullptr},
      {"version", 0, 0, G_OPTION_ARG_NONE, &version, "Print the version", nullptr},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files, nullptr, "FILE…"},
      {nullptr, 0, 0, G_OPTION_ARG_NONE, nullptr, nullptr, nullptr}};
  const std::unique_ptr<GOptionContext, FreeContext> context(g_option_context_new(nullptr));
  g_option_context_set_summary(context.get(), kSummary);
  g_option_context_add_main_entries(context.get(), entries, nullptr);
  g_option_context_add_group(context.get(), gst_init_get_option_group());
  GError* raw_error = nullptr;
  const bool parsed = g_option_context_parse(context.get(), &argc, &argv, &raw_error) != FALSE;
  const Ptr<GError> error(raw_error);
  options.key_file = taken(key_file);
  options.database = taken(database);
  options.model = taken(model);
  options.html = taken(html);
  options.json = json != FALSE;
  options.version = version != FALSE;
  options.thorough = thorough != FALSE;
  options.verbose = verbose != FALSE;
  options.search = no_search == FALSE;
  const std::string of_stream = taken(stream);
  const std::string of_from = taken(from);
  const std::string of_to = taken(to);
  const std::unique_ptr<gchar*, FreeNames> names(files);
  for (gchar** name = files; name && *name; ++name) options.files.emplace_back(*name);

  std::string wrong;
  if (!parsed) {
    wrong = error->message;
  } else if (!options.version) {
    try {
      take_query(options.issued, of_stream, of_from, of_to);
      wrong = fault(options);
    } catch (const audit::AuditError& unreadable) {
      wrong = unreadable.what();
    }
  }
  while (!wrong.empty() && wrong.back() == '.') wrong.pop_back();
  if (!wrong.empty()) std::fprintf(stderr, "steg-trace: %s. Try steg-trace --help.\n", wrong.c_str());
  return wrong.empty();
}

}  // namespace trace
