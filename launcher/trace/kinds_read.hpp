// Which kinds of files are read: those that hold their picture themselves.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

namespace trace {

/// Whether the GStreamer element of that name may take a copy apart or decode it. A copy is only its own bytes: what
/// follows addresses within a file (playlists, descriptions of sessions) is not among these, nor is what draws pictures
/// by a program of the file's (SVG), nor the many old formats that nobody leaks and few people looked at.
bool may_read(std::string_view element);

}  // namespace trace
