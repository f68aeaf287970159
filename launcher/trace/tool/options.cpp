// SPDX-License-Identifier: LGPL-2.1-or-later
#include "options.hpp"

#include <gst/gst.h>

#include <cstdio>

#include "launcher/base/command_line.hpp"
#include "plugins/auditlog/connection.hpp"
#include "plugins/auditlog/text.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace steg_trace::tool {
namespace {

using gststeg::Ptr;

constexpr char kSummary[] =
    "Finds the ID that stegencode put into a video or an image, also in copies that were scaled, cropped, turned\n"
    "or mirrored.\n"
    "FILE is a video or an image, or a URI of one.\n\n"
    "Exit status: 0 an ID was found, 1 none was found, 2 something could not be read.";

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
  try {
    steg_trace::Options reading = options.reading;
    reading.viewers.push_back({options.variants, options.uniform, {}});
    check(reading);
  } catch (const Error& error) {
    return std::string("--") + error.what();
  }
  if (options.viewers.empty() && (options.variants != 2 || options.uniform))
    return "--variants and --uniform say how the patterns of --viewers were made: give --viewers, too";
  if (options.follow && options.files.size() != 1) return "--follow reads one stream or file at a time";
  if (options.follow && options.viewers.empty() && options.database.empty())
    return "--follow scores viewers: give --viewers or --database, too";
  if (!options.revoke_at.empty()) {
    if (!options.follow) return "--revoke-at revokes while a copy plays: give --follow, too";
    const bool is_http = options.revoke_at.rfind("http://", 0) == 0 || options.revoke_at.rfind("https://", 0) == 0;
    if (!is_http) return "--revoke-at must be the address of a steg-launch, such as http://127.0.0.1:5000";
  }
  if (!options.token_file.empty() && options.revoke_at.empty())
    return "--token-file has the token of the steg-launch of --revoke-at: give that, too";
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
  std::string stream;
  std::string from;
  std::string to;
  bool no_search = false;
  launcher::CommandLine line(nullptr, kSummary, nullptr);
  line.path('k', "key-file", options.reading.key_file,
            "Secret key that the marks were made with (64 hexadecimal digits); default: the public key", "FILE");
  line.text('d', "database", options.database,
            "Audit log to look the IDs up in, such as sqlite:steg-audit.db or postgresql://user@host/name; the IDs in "
            "it are tried, too, which finds weaker marks",
            "URI");
  line.text('s', "stream", stream, "Of the audit log, only the records of this stream", "NAME");
  line.text(0, "from", from, "Only records from this time on, UTC: 2026-11-22 or 2026-11-22T11:29", "TIME");
  line.text(0, "to", to, "Only records up to this time, including that minute or that day", "TIME");
  line.path('w', "viewers", options.viewers,
            "Of a copy of an A/B stream: the names of the viewers who had a token, one a line; those are scored",
            "FILE");
  line.number(0, "variants", options.variants, "How many variants the patterns of --viewers have (default: 2)", "N");
  line.flag(0, "uniform", options.uniform, "The patterns of --viewers have equal shares of the variants");
  line.flag('f', "follow", options.follow,
            "FILE is a stream, or is still being written: score the viewers of an A/B stream while it plays, and end "
            "when one is named");
  line.text(0, "revoke-at", options.revoke_at,
            "With --follow: revoke the tokens of who is named, at the steg-launch with this address, such as "
            "http://127.0.0.1:5000",
            "URL");
  line.path(0, "token-file", options.token_file, "What the steg-launch of --revoke-at asks callers for", "FILE");
  line.flag('j', "json", options.json, "Print JSON instead of a table");
  line.path('o', "report", options.html,
            "Write a report, too: one HTML page with pictures, soft bits, audit rows, hashes and the command to repeat "
            "it",
            "FILE");
  line.number('p', "max-p-value", options.reading.max_p_value,
              "Report an ID if the probability of a false report is at most this (default: 1e-9)", "P");
  line.number('r', "rate", options.reading.rate, "Take at most this many frames per second of video (default: 10)",
              "N");
  line.number(0, "epoch-period", options.reading.epoch_period,
              "The epoch-period that stegencode had (default: 2); tells when each part was marked", "SECONDS");
  line.flag(0, "thorough", options.reading.thorough,
            "Decode and look at all frames taken, also where fewer are sure of the ID: for an inset from another copy");
  line.flag(
      0, "no-search", no_search,
      "Only read the whole picture as it is; do not look for a part of it, or for one that was turned or mirrored");
  line.path('m', "model", options.reading.model,
            "Extractor network, that one alone (default: extractor.pt in $GST_STEG_MODEL_PATH, else as installed, "
            "then those of earlier networks beside it)",
            "FILE");
  line.number(0, "max-pixels", options.reading.max_pixels,
              "Largest picture that is decoded, in pixels (default: 67108864, which is 8192x8192)", "N");
  line.number('t', "threads", options.reading.threads, "Threads for the network (default: one per CPU)", "N");
  line.flag('v', "verbose", options.verbose, "Say each time a file is read, and how, on the error output");
  line.flag(0, "version", options.version, "Print the version");
  line.rest_paths(options.files, "FILE…");
  line.group(gst_init_get_option_group());

  std::string wrong;
  try {
    line.parse(argc, argv);
    options.reading.search = !no_search;
    if (!options.version) {
      take_query(options.issued, stream, from, to);
      wrong = fault(options);
    }
  } catch (const launcher::UsageError& error) {
    wrong = error.what();
  } catch (const audit::AuditError& unreadable) {
    wrong = unreadable.what();
  }
  while (!wrong.empty() && wrong.back() == '.') wrong.pop_back();
  if (!wrong.empty()) std::fprintf(stderr, "steg-trace: %s. Try steg-trace --help.\n", wrong.c_str());
  return wrong.empty();
}

}  // namespace steg_trace::tool
