// SPDX-License-Identifier: LGPL-2.1-or-later
#include "crops.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace blind {
namespace {

constexpr int kBlock = 8;

double deviation(const std::uint8_t* corner, int stride) {
  int sum = 0;
  int squares = 0;
  for (int y = 0; y < kBlock; ++y) {
    for (int x = 0; x < kBlock; ++x) {
      const int level = corner[y * stride + x];
      sum += level;
      squares += level * level;
    }
  }
  constexpr double kPixels = kBlock * kBlock;
  const double mean = sum / kPixels;
  return std::sqrt(std::max(0.0, squares / kPixels - mean * mean));
}

double median_deviation(const robustness::Planes& picture, int left, int top, CropSize size) {
  std::vector<double> deviations;
  for (int y = top; y + kBlock <= top + size.height; y += kBlock)
    for (int x = left; x + kBlock <= left + size.width; x += kBlock)
      deviations.push_back(deviation(picture.bytes.data() + y * picture.width + x, picture.width));
  if (deviations.empty()) return 0;
  const auto middle = deviations.begin() + static_cast<std::ptrdiff_t>(deviations.size() / 2);
  std::nth_element(deviations.begin(), middle, deviations.end());
  return *middle;
}

double squares(const std::uint8_t* a, const std::uint8_t* b, int stride, int left, int top, int width, int height) {
  double sum = 0;
  for (int y = top; y < top + height; ++y) {
    for (int x = left; x < left + width; ++x) {
      const double difference = a[y * stride + x] - b[y * stride + x];
      sum += difference * difference;
    }
  }
  return sum;
}

/// Each plane counts by its area on the screen.
double residual(const robustness::Planes& original, const robustness::Planes& marked, int left, int top,
                CropSize size) {
  double sum = squares(original.bytes.data(), marked.bytes.data(), original.width, left, top, size.width, size.height);
  for (const int plane : {0, 1})
    sum += 4 * squares(original.chroma(plane), marked.chroma(plane), original.chroma_width(), left / 2, top / 2,
                       size.width / 2, size.height / 2);
  return std::sqrt(sum / size.width / size.height);
}

Crop most_changed(const std::vector<Crop>& crops, std::size_t first, std::size_t count) {
  const auto begin = crops.begin() + static_cast<std::ptrdiff_t>(first);
  return *std::max_element(begin, begin + static_cast<std::ptrdiff_t>(count),
                           [](const Crop& a, const Crop& b) { return a.residual < b.residual; });
}

void sort_by_activity(std::vector<Crop>& crops) {
  std::stable_sort(crops.begin(), crops.end(), [](const Crop& a, const Crop& b) { return a.activity < b.activity; });
}

std::size_t quarter(const std::vector<Crop>& crops) { return std::max<std::size_t>(1, crops.size() / 4); }

}  // namespace

CropSize fitted(CropSize wanted, int picture_width, int picture_height) {
  return {std::min(wanted.width, picture_width) / 2 * 2, std::min(wanted.height, picture_height) / 2 * 2};
}

std::vector<Crop> crops_of(const robustness::Planes& original, const robustness::Planes& marked, CropSize size) {
  std::vector<Crop> crops;
  const int step_x = std::max(2, size.width / 8 * 2);
  const int step_y = std::max(2, size.height / 8 * 2);
  for (int y = 0; y + size.height <= original.height; y += step_y)
    for (int x = 0; x + size.width <= original.width; x += step_x)
      crops.push_back({x, y, median_deviation(original, x, y, size), residual(original, marked, x, y, size)});
  return crops;
}

Crop smooth(std::vector<Crop> crops) {
  sort_by_activity(crops);
  return most_changed(crops, 0, quarter(crops));
}

Crop textured(std::vector<Crop> crops) {
  sort_by_activity(crops);
  return most_changed(crops, crops.size() - quarter(crops), quarter(crops));
}

}  // namespace blind
