// The deleter for owning pointers to GObjects of any library.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <glib-object.h>

namespace launcher {

struct UnrefObject {
  void operator()(gpointer object) const { g_object_unref(object); }
};

}  // namespace launcher
