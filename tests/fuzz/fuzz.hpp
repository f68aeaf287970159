// What a fuzzed part of the program is to the engine.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace fuzz {

struct Target {
  std::string name;
  std::vector<std::string> seeds;  ///< good inputs, which others are made of
  std::vector<std::string> words;  ///< that mean something in such an input
  std::size_t largest;             ///< bytes of an input
  /// Handles one input as the program would, and takes only the exceptions that its callers take.
  std::function<void(const std::string&)> run;
};

/// For what must hold whatever the input is. Nobody takes what it throws, so that the process ends.
inline void require(bool holds, const std::string& what) {
  if (!holds) throw std::logic_error("This must hold, and does not: " + what);
}

Target archive();
Target contract();
Target csv();
Target database();
Target flv();
Target h264();
Target http();
Target json();
Target key_file();
Target media();
Target pipeline_file();
Target server();
Target spool();
Target steg_trace();
Target websocket();

}  // namespace fuzz
