// The command line of steg-trace.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "max_pixels.hpp"
#include "plugins/auditlog/audit_query.hpp"
#include "plugins/steg/watermark/day_clock.hpp"
#include "plugins/steg/watermark/reading.hpp"

namespace trace {

struct Options {
  std::string key_file;  ///< empty for the public key
  std::string database;  ///< empty for none
  audit::Query issued;   ///< which records of the database count
  std::string viewers;   ///< file with the names of those who had tokens; empty for none
  int variants = 2;      ///< that their patterns have
  bool uniform = false;  ///< their patterns' bias
  std::string model;     ///< empty for the default
  std::string html;      ///< where the report goes; empty for none
  bool json = false;
  bool version = false;
  bool search = true;
  bool thorough = false;
  bool follow = false;
  bool verbose = false;
  double max_p_value = steg::kDefaultMaxPValue;
  double rate = 10.0;
  double epoch_period = steg::DayClock::kDefaultPeriod;  ///< seconds
  int threads = 0;
  std::int64_t max_pixels = kDefaultMaxPixels;
  std::vector<std::string> files;
  std::string command;  ///< the call, as a shell would take it; without passwords
};

/// Nothing is thrown for a wrong call: false, after its message.
bool parse(int argc, char** argv, Options& options);

}  // namespace trace
