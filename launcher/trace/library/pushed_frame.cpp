// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pushed_frame.hpp"

#include <string>

namespace steg_trace {
namespace {

constexpr double kSecond = 1e9;
constexpr int kLongestSide = 1 << 20;

void check(const Plane& plane, const char* name, int width, int height) {
  if (!plane.data) throw Error(std::string("The frame's plane ") + name + " is null.");
  if (plane.stride < width)
    throw Error(std::string("The stride of the frame's plane ") + name + " is " + std::to_string(plane.stride) +
                " bytes; a row has " + std::to_string(width) + ".");
  const std::size_t needed =
      static_cast<std::size_t>(plane.stride) * static_cast<std::size_t>(height - 1) + static_cast<std::size_t>(width);
  if (plane.size < needed)
    throw Error(std::string("The frame's plane ") + name + " has " + std::to_string(plane.size) +
                " bytes; its rows take " + std::to_string(needed) + ".");
}

}  // namespace

trace::MediaFrame media_frame_of(const Frame& frame, std::int64_t max_pixels) {
  const std::string size = std::to_string(frame.width) + "x" + std::to_string(frame.height) + " pixels";
  if (frame.width < 1 || frame.height < 1 || frame.width > kLongestSide || frame.height > kLongestSide)
    throw Error("A frame cannot have " + size + ".");
  if (std::int64_t{frame.width} * frame.height > max_pixels)
    throw Error("The frame has " + size + ", more than max-pixels.");
  if (frame.time < 0 || frame.duration < 0) throw Error("A frame's time and duration must be 0 or more.");
  check(frame.y, "y", frame.width, frame.height);
  trace::MediaFrame media{};
  steg::PictureView& picture = media.picture;
  picture.shape.width = frame.width;
  picture.shape.height = frame.height;
  picture.luma = {frame.y.data, frame.y.stride};
  if (frame.cb.data || frame.cr.data) {
    const int width = (frame.width + 1) / 2;
    const int height = (frame.height + 1) / 2;
    check(frame.cb, "cb", width, height);
    check(frame.cr, "cr", width, height);
    picture.shape.chroma_width = width;
    picture.shape.chroma_height = height;
    picture.cb = {frame.cb.data, frame.cb.stride};
    picture.cr = {frame.cr.data, frame.cr.stride};
  }
  media.time = static_cast<double>(frame.time) / kSecond;
  media.duration = static_cast<double>(frame.duration) / kSecond;
  media.key = frame.key;
  return media;
}

}  // namespace steg_trace
