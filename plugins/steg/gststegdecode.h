/* stegdecode: reads marks from the video that passes through.
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

#define GST_TYPE_STEG_DECODE (gst_steg_decode_get_type())
G_DECLARE_FINAL_TYPE(GstStegDecode, gst_steg_decode, GST, STEG_DECODE, GstBaseTransform)

GST_ELEMENT_REGISTER_DECLARE(stegdecode);

G_END_DECLS
