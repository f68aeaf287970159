// The command line of steg-trace.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "launcher/trace/library/steg-trace.hpp"
#include "plugins/auditlog/audit_query.hpp"

namespace steg_trace::tool {

struct Options {
  steg_trace::Options reading;  ///< but for what the audit log and the list of viewers say
  std::string database;         ///< empty for none
  audit::Query issued;          ///< which records of the database count
  std::string viewers;          ///< file with the names of those who had tokens; empty for none
  int variants = 2;             ///< that their patterns have
  bool uniform = false;         ///< their patterns' bias
  std::string html;             ///< where the report goes; empty for none
  bool json = false;
  bool version = false;
  bool verbose = false;
  bool follow = false;     ///< score viewers while the file, or the stream, plays
  std::string revoke_at;   ///< address of the steg-launch at which tokens of who is named are revoked; empty for none
  std::string token_file;  ///< with what that asks callers for; empty for nothing
  std::vector<std::string> files;
  std::string command;  ///< the call, as a shell would take it; without passwords
};

/// Nothing is thrown for a wrong call: false, after its message.
bool parse(int argc, char** argv, Options& options);

}  // namespace steg_trace::tool
