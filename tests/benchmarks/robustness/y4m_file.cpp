// SPDX-License-Identifier: LGPL-2.1-or-later
#include "y4m_file.hpp"

#include <stdexcept>
#include <string>

namespace robustness {
namespace {

constexpr std::streamoff kFrameHeader = 6;  ///< "FRAME" and the end of its line

}  // namespace

Y4mReader::Y4mReader(const Clip& clip, const std::filesystem::path& copy) : path_(copy), file_(copy, std::ios::binary) {
  std::string header;
  if (!std::getline(file_, header)) throw std::runtime_error("cannot read " + path_.string());
  start_ = file_.tellg();
  planes_.width = clip.width;
  planes_.height = clip.height;
  planes_.bytes.resize(planes_.luma_size() + 2 * planes_.chroma_size());
}

const Planes& Y4mReader::frame(int number) {
  const auto size = static_cast<std::streamoff>(planes_.bytes.size());
  file_.clear();
  file_.seekg(start_ + number * (kFrameHeader + size) + kFrameHeader);
  if (!file_.read(reinterpret_cast<char*>(planes_.bytes.data()), size))
    throw std::runtime_error("there is no frame " + std::to_string(number) + " in " + path_.string());
  return planes_;
}

}  // namespace robustness
