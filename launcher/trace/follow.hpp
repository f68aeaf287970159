// Scores the viewers of an A/B stream while a copy of it plays.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ab_trace.hpp"
#include "extractors.hpp"
#include "tracer.hpp"

namespace trace {

/// What a look has found: seconds of the copy so far, and its segments with the viewers' scores.
using Tell = std::function<void(double time, const AbTrace& ab)>;

/// Reads the whole picture of a stream or of a file that grows, with the newest network, until a viewer is named or the
/// copy ends. FileTrace::ab is scored already: see Looks. Does not throw for what cannot be read: see FileTrace::error.
FileTrace follow_file(const std::string& file, const steg::Key& key, Extractors& extractors,
                      const TraceOptions& options, const std::vector<Viewers>& viewers, const Tell& tell);

}  // namespace trace
