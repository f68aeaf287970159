// The drawings of the HTML report, as SVG.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "launcher/trace/library/steg-trace.hpp"

namespace steg_trace::tool {

/// Text for HTML: control characters become visible, and nothing in it is taken for markup.
std::string html_text(const std::string& text);

/// One bar per segment over the duration of the file; one row per ID. Empty for an image.
std::string timeline_svg(const Findings& file);

/// A segment's thumbnail with the outline of the marked picture. Empty without a thumbnail. `width`, `height`: of the
/// copy, pixels.
std::string picture_svg(const Segment& segment, int width, int height);

/// The 256 soft bits of a segment, upwards where they agree with its ID.
std::string soft_bits_svg(const Segment& segment);

/// How strongly each tile of the picture carries the ID of a mix. Empty if it is no mix.
std::string tiles_svg(const Segment& segment, int width, int height);

}  // namespace steg_trace::tool
