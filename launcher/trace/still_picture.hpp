// Pictures that GStreamer's decodebin does not read or not well, told by how they begin.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace trace {

struct PictureSize {
  std::int64_t width = 0;
  std::int64_t height = 0;
};

/// The size that a GIF, BMP or TIFF file says it has; nothing for other files. gdk-pixbuf reads these.
std::optional<PictureSize> gdk_picture_size(const std::string& file);

/// What is to be done with a picture of a format that nothing here reads (AVIF, HEIC, animated WebP), as a sentence;
/// empty for other files.
std::string advice_for_picture(const std::string& file);

}  // namespace trace
