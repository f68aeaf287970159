// Frames of the lossless copies that mark() writes.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <vector>

#include "clip.hpp"

namespace robustness {

/// 4:2:0, 8 bits, without gaps: all of luma, then Cb, then Cr.
struct Planes {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> bytes;

  int chroma_width() const { return (width + 1) / 2; }
  int chroma_height() const { return (height + 1) / 2; }
  std::size_t luma_size() const { return static_cast<std::size_t>(width) * static_cast<std::size_t>(height); }
  std::size_t chroma_size() const {
    return static_cast<std::size_t>(chroma_width()) * static_cast<std::size_t>(chroma_height());
  }
  Luma luma() const { return {bytes.data(), width, width, height}; }
  const std::uint8_t* chroma(int plane) const {
    return bytes.data() + luma_size() + static_cast<std::size_t>(plane) * chroma_size();
  }
};

class Y4mReader {
 public:
  /// Of a clip's size. Throws std::runtime_error.
  Y4mReader(const Clip& clip, const std::filesystem::path& copy);
  /// By its number, from 0. Throws std::runtime_error if there is none.
  const Planes& frame(int number);

 private:
  std::filesystem::path path_;
  std::ifstream file_;
  std::streamoff start_ = 0;
  Planes planes_;
};

}  // namespace robustness
