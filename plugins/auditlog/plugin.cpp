// libgstauditlog.so
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstauditlog.h"
#include "plugins/common/gststegmeta.h"

namespace {

gboolean plugin_init(GstPlugin* plugin) {
  gst_steg_metas_register();
  return GST_ELEMENT_REGISTER(auditlog, plugin);
}

}  // namespace

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, auditlog,
                  "Tamper-evident log of the IDs that were put into a stream", plugin_init, GST_STEG_VERSION, "LGPL",
                  PACKAGE, GST_STEG_ORIGIN)
