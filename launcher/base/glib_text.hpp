// Text that GLib allocated, and who owns it frees.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <glib.h>

#include <memory>

namespace launcher {

struct FreeText {
  void operator()(gchar* text) const { g_free(text); }
};
using GlibText = std::unique_ptr<gchar, FreeText>;

}  // namespace launcher
