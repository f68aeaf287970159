// Frames of GStreamer as the pictures that are marked and read.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/video/video.h>

#include "plugins/common/video_frame.hpp"
#include "plugins/steg/watermark/picture_view.hpp"

namespace steg {

/// `info`: of one of GST_STEG_LUMA_FORMATS.
PictureShape shape_of(const GstVideoInfo& info);

/// The planes of a mapped frame; valid as long as the frame.
PictureView picture_of(const gststeg::VideoFrame& frame);
WritablePicture picture_of(gststeg::VideoFrame& frame);

}  // namespace steg
