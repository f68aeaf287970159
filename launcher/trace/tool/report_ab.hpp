// What a report says of segments of an A/B stream.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "report.hpp"

namespace steg_trace::tool {

/// Segments by time, and the viewers.
std::string ab_text(const Report& report, const AbStream& ab);
/// Of a copy that plays: what its segments say by `time`, seconds, in one line.
std::string ab_line(double time, const AbStream& ab);
/// The same as ab_text() for the page, with the strip of segments.
std::string ab_html(const Report& report, const AbStream& ab);
/// One column a segment: what it shows, and below it what each viewer who is named had there. Empty without segments.
std::string strip_svg(const AbStream& ab);

}  // namespace steg_trace::tool
