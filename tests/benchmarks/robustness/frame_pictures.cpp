// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_pictures.hpp"

#include <cstdint>
#include <cstdio>
#include <stdexcept>

#include "process.hpp"

namespace robustness {
namespace {

std::string select(const std::vector<int>& numbers) {
  std::string words;
  for (const int number : numbers) words += (words.empty() ? "" : "+") + ("eq(n\\," + std::to_string(number) + ")");
  return "crop=trunc(iw/2)*2:trunc(ih/2)*2:0:0,select='" + words + "'";
}

}  // namespace

FramePictures::FramePictures(const Clip& clip, const std::filesystem::path& copy, std::vector<int> numbers,
                             const std::filesystem::path& folder, const std::string& name)
    : count_(numbers.size()), planes_(folder / (name + ".yuv")), folder_(folder), name_(name) {
  const int width = clip.width / 2 * 2;
  const int height = clip.height / 2 * 2;
  size_ = std::to_string(width) + "x" + std::to_string(height);
  to_rgb_ = "scale=in_color_matrix=" + clip.matrix + ":in_range=" + (clip.full_range ? "full" : "limited") +
            ":flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp,format=rgb24";
  run_program({"ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", copy.string(), "-an", "-vf", select(numbers),
               "-fps_mode", "passthrough", "-frames:v", std::to_string(count_), "-pix_fmt", "yuv420p", "-f", "rawvideo",
               planes_.string()});
  const auto frame = static_cast<std::uintmax_t>(width) * static_cast<std::uintmax_t>(height) * 3 / 2;
  if (std::filesystem::file_size(planes_) != frame * count_)
    throw std::runtime_error(copy.string() + " does not have all the frames that are looked at");
}

std::vector<std::filesystem::path> FramePictures::png(const std::string& filter) const {
  run_program({"ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-video_size",
               size_, "-i", planes_.string(), "-vf", to_rgb_ + (filter.empty() ? "" : "," + filter), "-start_number",
               "0", (folder_ / (name_ + "-%03d.png")).string()});
  std::vector<std::filesystem::path> files;
  for (std::size_t i = 0; i < count_; ++i) {
    char number[32];
    std::snprintf(number, sizeof number, "-%03d.png", static_cast<int>(i));
    files.push_back(folder_ / (name_ + number));
  }
  return files;
}

}  // namespace robustness
