/* stegencode: puts an invisible, traceable ID into every frame.
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

#define GST_TYPE_STEG_ENCODE (gst_steg_encode_get_type())
G_DECLARE_FINAL_TYPE(GstStegEncode, gst_steg_encode, GST, STEG_ENCODE, GstBaseTransform)

GST_ELEMENT_REGISTER_DECLARE(stegencode);

G_END_DECLS
