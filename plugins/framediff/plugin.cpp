// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstframediff.h"

static gboolean plugin_init(GstPlugin* plugin) { return GST_ELEMENT_REGISTER(framediff, plugin); }

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, framediff, "Near-duplicate frames and the frame rate of video",
                  plugin_init, GST_STEG_VERSION, "LGPL", PACKAGE, GST_STEG_ORIGIN)
