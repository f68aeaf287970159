/* framediff: marks the frames that repeat an earlier one, and measures the frame rate.
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

#define GST_TYPE_FRAME_DIFF (gst_frame_diff_get_type())
G_DECLARE_FINAL_TYPE(GstFrameDiff, gst_frame_diff, GST, FRAME_DIFF, GstBaseTransform)

GST_ELEMENT_REGISTER_DECLARE(framediff)

G_END_DECLS
