// Numbers as json-glib can write them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <glib.h>

#include <cmath>
#include <limits>
#include <string_view>

namespace launcher {

/// The number, or the next one where json-glib 1.6 would write what no parser takes: it puts ".0" behind every number
/// without a point, and so 1e-08 becomes 1e-08.0.
inline double writable(double number) {
  gchar buffer[G_ASCII_DTOSTR_BUF_SIZE];
  const std::string_view text = g_ascii_dtostr(buffer, sizeof buffer, number);
  const bool broken = text.find('e') != std::string_view::npos && text.find('.') == std::string_view::npos;
  return broken ? std::nextafter(number, std::numeric_limits<double>::infinity()) : number;
}

}  // namespace launcher
