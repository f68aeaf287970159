// A mapped video frame that unmaps itself.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/video/video.h>

#include <cstddef>
#include <cstdint>

namespace gststeg {

/// The formats whose first plane is luma, for the elements' pad templates: those of 8 bits, and those of 10 bits in the
/// CPU's byte order.
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
#define GST_STEG_LUMA_FORMATS \
  "{ I420, YV12, NV12, NV21, Y42B, Y444, GRAY8, I420_10LE, P010_10LE, I422_10LE, Y444_10LE }"
#else
#define GST_STEG_LUMA_FORMATS \
  "{ I420, YV12, NV12, NV21, Y42B, Y444, GRAY8, I420_10BE, P010_10BE, I422_10BE, Y444_10BE }"
#endif

class VideoFrame {
 public:
  VideoFrame(const GstVideoInfo& info, GstBuffer* buffer, GstMapFlags flags)
      // GST_VIDEO_FRAME_MAP_FLAG_NO_REF: the buffer outlives the map, and an extra reference would make it read-only.
      : mapped_(gst_video_frame_map(&frame_, &info, buffer,
                                    static_cast<GstMapFlags>(static_cast<guint>(flags) |
                                                             static_cast<guint>(GST_VIDEO_FRAME_MAP_FLAG_NO_REF)))) {}
  ~VideoFrame() {
    if (mapped_) gst_video_frame_unmap(&frame_);
  }
  VideoFrame(const VideoFrame&) = delete;
  VideoFrame& operator=(const VideoFrame&) = delete;

  /// False if the buffer could not be mapped (too small for its caps, or not writable).
  explicit operator bool() const { return mapped_; }
  std::uint8_t* luma() { return static_cast<std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&frame_, 0)); }
  const std::uint8_t* luma() const { return static_cast<const std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&frame_, 0)); }
  /// Bytes from one luma row to the next.
  std::ptrdiff_t stride() const { return GST_VIDEO_FRAME_PLANE_STRIDE(&frame_, 0); }
  int width() const { return GST_VIDEO_FRAME_WIDTH(&frame_); }
  int height() const { return GST_VIDEO_FRAME_HEIGHT(&frame_); }
  /// For what the above does not give, such as the other planes.
  const GstVideoFrame& mapped() const { return frame_; }

 private:
  GstVideoFrame frame_{};
  bool mapped_;
};

}  // namespace gststeg
