// libgststeg.so
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gststegdecode.h"
#include "gststegencode.h"
#include "plugins/common/gststegmeta.h"

namespace {

gboolean plugin_init(GstPlugin* plugin) {
  gst_steg_metas_register();
  return GST_ELEMENT_REGISTER(stegencode, plugin) && GST_ELEMENT_REGISTER(stegdecode, plugin);
}

}  // namespace

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, steg,
                  "Invisible, keyed, traceable marks in video: embedding and reading", plugin_init, GST_STEG_VERSION,
                  "LGPL", PACKAGE, GST_STEG_ORIGIN)
