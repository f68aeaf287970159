// Measures clips, several at a time.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "options.hpp"
#include "results.hpp"

namespace robustness {

/// Everything that `options` asks for. Says on stderr what is being done. A clip that cannot be measured is left out
/// with a word about why; throws std::runtime_error if none is left.
Results measure(const Options& options);

}  // namespace robustness
