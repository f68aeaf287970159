// Visits what a bin contains.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include "gst_ptr.hpp"

namespace gststeg {

/// Calls visit(GstElement*) for the elements in `bin` and in the bins within it; again from the first one if some come
/// or go meanwhile.
template <typename Visit>
void for_each_element(GstBin* bin, Visit visit) {
  const Ptr<GstIterator> elements(gst_bin_iterate_recurse(bin));
  const auto call = [](const GValue* item, gpointer data) {
    (*static_cast<Visit*>(data))(GST_ELEMENT(g_value_get_object(item)));
  };
  while (gst_iterator_foreach(elements.get(), call, &visit) == GST_ITERATOR_RESYNC) gst_iterator_resync(elements.get());
}

}  // namespace gststeg
