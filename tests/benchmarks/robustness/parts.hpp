// The parts that attacks are made of.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "attack.hpp"

namespace robustness {

struct Part {
  std::string pattern;  ///< its name, with N where a number stands, if any
  std::string words;
  std::function<Stage(double number)> make;
};

/// All there are; a new kind of attack is a new entry.
const std::vector<Part>& parts();

}  // namespace robustness
