// The results as tables and plots.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "pool.hpp"
#include "results.hpp"

namespace robustness {

/// Markdown: recovery by attack, of stills, by clip, and fidelity.
std::string report(const Results& results);

/// Markdown: Butteraugli of the clips chosen, called `of`, with its heading. Says so where it could not be measured;
/// empty if it was not asked for.
std::string visibility_table(const Results& results, const Choice& choice, const std::string& of);

/// Markdown: what subtracting the mark left of it and of the picture, with its heading; empty if it was not done.
std::string subtraction_table(const Results& results, const Choice& choice, const std::string& of);

/// Markdown: what is asked of the networks at default strength, and what was measured. Empty if nothing of it was.
std::string target_table(const Results& results);

/// Writes recovery-crf.svg, recovery-bit-rate.svg, recovery-map.svg and tracing-map.svg into `folder`, those for which
/// there are results. Throws std::runtime_error.
void write_plots(const Results& results, const std::string& folder);

}  // namespace robustness
