// What answers to blind pairs say.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "pair_files.hpp"

namespace blind {

struct Score {
  int answers = 0;
  int told = 0;        ///< the changed side was named
  int confidence = 0;  ///< added up
  double share() const { return answers > 0 ? static_cast<double>(told) / answers : 0; }
  double mean_confidence() const { return answers > 0 ? static_cast<double>(confidence) / answers : 0; }
};

/// Of the pairs with this `what` and `view`; of any `place` where that is empty. Throws std::runtime_error for an
/// answer to a pair that is not in the key.
Score score(const std::vector<Pair>& key, const std::vector<Answer>& answers, const std::string& what,
            const std::string& view, const std::string& place = "");

/// Probability that whoever guesses tells at least `told` of `answers`.
double guessing_p_value(int told, int answers);

/// Markdown: a table, and what is asked of the mark.
std::string score_report(const std::vector<Pair>& key, const std::vector<Answer>& answers);

}  // namespace blind
