// SPDX-License-Identifier: LGPL-2.1-or-later
#include "jpeg.hpp"

#include <gst/video/video.h>

#include <algorithm>
#include <vector>

#include "plugins/common/gst_ptr.hpp"

namespace trace {
namespace {

constexpr gint kMostWidth = 400;
constexpr GstClockTime kMostTime = 10 * GST_SECOND;

}  // namespace

std::string small_jpeg(GstSample* sample) {
  GstVideoInfo info;
  if (!sample || !gst_video_info_from_caps(&info, gst_sample_get_caps(sample))) return {};
  const gint width = std::min(kMostWidth, GST_VIDEO_INFO_WIDTH(&info));
  const gint height = std::max(1, GST_VIDEO_INFO_HEIGHT(&info) * width / GST_VIDEO_INFO_WIDTH(&info));
  const gststeg::Ptr<GstCaps> caps(gst_caps_new_simple("image/jpeg", "width", G_TYPE_INT, width, "height", G_TYPE_INT,
                                                       height, "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1, nullptr));
  GError* raw_error = nullptr;
  const gststeg::Ptr<GstSample> jpeg(gst_video_convert_sample(sample, caps.get(), kMostTime, &raw_error));
  const gststeg::Ptr<GError> error(raw_error);
  if (!jpeg) return {};
  GstBuffer* buffer = gst_sample_get_buffer(jpeg.get());
  std::vector<guchar> bytes(gst_buffer_get_size(buffer));
  gst_buffer_extract(buffer, 0, bytes.data(), bytes.size());
  const gststeg::Ptr<gchar> text(g_base64_encode(bytes.data(), bytes.size()));
  return text.get();
}

}  // namespace trace
