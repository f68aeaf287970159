// A picture in somebody else's memory: Y, Cb and Cr of any layout that is marked or read.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace steg {

/// How a sample lies in memory. Those of 10 bits take two bytes in the order of the CPU.
enum class Depth {
  bits8,
  low10,   ///< in the low bits of 16
  high10,  ///< in the high ones
};

/// What a stream of pictures has in common.
struct PictureShape {
  int width = 0;
  int height = 0;
  int chroma_width = 0;  ///< of Cb and of Cr, samples; 0 where there are none
  int chroma_height = 0;
  Depth depth = Depth::bits8;
  bool interleaved = false;  ///< samples of Cb and Cr take turns in one plane

  bool has_chroma() const { return chroma_width > 0; }
  bool operator==(const PictureShape& other) const {
    return width == other.width && height == other.height && chroma_width == other.chroma_width &&
           chroma_height == other.chroma_height && depth == other.depth && interleaved == other.interleaved;
  }
  bool operator!=(const PictureShape& other) const { return !(*this == other); }
};

template <class Byte>
struct BasicPlane {
  Byte* data = nullptr;       ///< of the first sample
  std::ptrdiff_t stride = 0;  ///< bytes from one row to the next; may be negative
};

template <class Byte>
struct BasicPicture {
  PictureShape shape;
  BasicPlane<Byte> luma;
  BasicPlane<Byte> cb = {};  ///< null where there is none
  BasicPlane<Byte> cr = {};
};

struct PictureView : BasicPicture<const std::uint8_t> {};

struct WritablePicture : BasicPicture<std::uint8_t> {
  operator PictureView() const {
    return {{shape, {luma.data, luma.stride}, {cb.data, cb.stride}, {cr.data, cr.stride}}};
  }
};

}  // namespace steg
