// How far apart two pictures are to an eye, by Debian's butteraugli_main.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <string>

namespace robustness {

struct Butteraugli {
  double maximum = 0;  ///< of the worst place; 1 is about just noticeable
  double norm3 = 0;    ///< over the whole picture
};

/// Why butteraugli_main cannot be run, a sentence; empty if it can.
std::string why_no_butteraugli();

/// Of two pictures of one size, PNG files. Throws std::runtime_error.
Butteraugli butteraugli(const std::filesystem::path& original, const std::filesystem::path& changed);

/// What butteraugli_main writes. Throws std::runtime_error if it is not that.
Butteraugli parse_butteraugli(const std::string& text);

}  // namespace robustness
