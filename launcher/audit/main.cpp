// steg-audit: reads, checks and keeps the log that auditlog writes.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <glib.h>

#include <clocale>
#include <cstdio>
#include <exception>
#include <string>

#include "commands.hpp"
#include "options.hpp"

namespace {

struct Command {
  const char* name;
  int (*run)(int argc, char** argv);
  const char* about;
};

constexpr Command kCommands[] = {
    {"list", auditor::list, "show records by ID, address, stream and time, as table, JSON or CSV"},
    {"verify", auditor::verify, "check that no row was altered, removed, inserted or moved"},
    {"checkpoint", auditor::checkpoint, "note the last rows, signed, in a second place"},
    {"export", auditor::export_case, "write a signed bundle of the records of one case"},
    {"check-export", auditor::check_export, "check such a bundle"},
    {"purge", auditor::purge, "remove what is older than a time; the chain still verifies"},
    {"anonymise", auditor::anonymise, "remove addresses older than a time; the chain still verifies"},
    {"migrate", auditor::migrate, "make the tables, bring them up to date, prepare months to come"},
    {"keygen", auditor::keygen, "make a secret key for marks and log"},
    {"public-key", auditor::print_public_key, "print the key that signatures are checked with"},
    {"token", auditor::token, "give a viewer a token for A/B segments, and note it"},
    {"token-key", auditor::print_token_key, "print the key that tokens are checked with"},
    {"pace-info", auditor::pace_info, "tell edges of a CDN which position each segment has (WMPaceInfo)"},
};

void print_usage(std::FILE* out) {
  std::fputs(
      "Usage:\n  steg-audit COMMAND [OPTION…]\n\n"
      "Reads, checks and keeps the audit log of gst-steg: who was given which ID when.\n\nCommands:\n",
      out);
  for (const Command& command : kCommands) std::fprintf(out, "  %-14s%s\n", command.name, command.about);
  std::fputs(
      "\nsteg-audit COMMAND --help explains a command and its options. steg-audit --version prints the version.\n\n"
      "Exit status:\n"
      "  0  done, and nothing was wrong\n"
      "  1  the log is not as it was written (verify and the commands that verify first)\n"
      "  2  a wrong call, or something that could not be read or written\n",
      out);
}

int run(int argc, char** argv) {
  const std::string name = argc > 1 ? argv[1] : "";
  if (name == "--help" || name == "-h" || name == "help") {
    print_usage(stdout);
    return auditor::kGood;
  }
  if (name == "--version") {
    std::puts("steg-audit " GST_STEG_VERSION);
    return auditor::kGood;
  }
  for (const Command& command : kCommands) {
    if (name != command.name) continue;
    g_set_prgname(("steg-audit " + name).c_str());
    return command.run(argc - 1, argv + 1);
  }
  if (name.empty())
    print_usage(stderr);
  else
    std::fprintf(stderr, "steg-audit: there is no command \"%s\". Try steg-audit --help.\n", name.c_str());
  return auditor::kFailed;
}

}  // namespace

int main(int argc, char** argv) {
  std::setlocale(LC_ALL, "");
  try {
    return run(argc, argv);
  } catch (const auditor::UsageError& error) {
    std::fprintf(stderr, "steg-audit: %s. Try steg-audit %s --help.\n", error.what(), argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "steg-audit: %s\n", error.what());
  }
  return auditor::kFailed;
}
