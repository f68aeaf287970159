// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_picture.hpp"

namespace steg {

namespace {

constexpr guint kCb = 1;
constexpr guint kCr = 2;

Depth depth_of(const GstVideoInfo& info) {
  if (GST_VIDEO_INFO_COMP_DEPTH(&info, 0) == 8) return Depth::bits8;
  return GST_VIDEO_FORMAT_INFO_SHIFT(info.finfo, 0) > 0 ? Depth::high10 : Depth::low10;
}

template <class Byte>
BasicPlane<Byte> plane_of(const GstVideoFrame& frame, guint component) {
  return {static_cast<Byte*>(GST_VIDEO_FRAME_COMP_DATA(&frame, component)),
          GST_VIDEO_FRAME_COMP_STRIDE(&frame, component)};
}

template <class Byte, class Picture>
Picture planes_of(const GstVideoFrame& frame) {
  Picture picture;
  picture.shape = shape_of(frame.info);
  picture.luma = plane_of<Byte>(frame, 0);
  if (!picture.shape.has_chroma()) return picture;
  picture.cb = plane_of<Byte>(frame, kCb);
  picture.cr = plane_of<Byte>(frame, kCr);
  // GStreamer 1.22 has Cr of P010 one byte behind Cb, not one sample.
  if (picture.shape.interleaved && picture.shape.depth != Depth::bits8) picture.cr.data = picture.cb.data + 2;
  return picture;
}

}  // namespace

PictureShape shape_of(const GstVideoInfo& info) {
  PictureShape shape;
  shape.width = GST_VIDEO_INFO_WIDTH(&info);
  shape.height = GST_VIDEO_INFO_HEIGHT(&info);
  shape.depth = depth_of(info);
  if (GST_VIDEO_INFO_N_COMPONENTS(&info) < 3) return shape;
  shape.chroma_width = GST_VIDEO_INFO_COMP_WIDTH(&info, kCb);
  shape.chroma_height = GST_VIDEO_INFO_COMP_HEIGHT(&info, kCb);
  shape.interleaved = GST_VIDEO_INFO_N_PLANES(&info) == 2;
  return shape;
}

PictureView picture_of(const gststeg::VideoFrame& frame) {
  return planes_of<const std::uint8_t, PictureView>(frame.mapped());
}

WritablePicture picture_of(gststeg::VideoFrame& frame) {
  return planes_of<std::uint8_t, WritablePicture>(frame.mapped());
}

}  // namespace steg
