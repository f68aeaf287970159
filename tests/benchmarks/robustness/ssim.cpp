// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ssim.hpp"

#include <array>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace robustness {
namespace {

constexpr int kTaps = 11;
constexpr double kSigma = 1.5;
constexpr float kC1 = (0.01F * 255) * (0.01F * 255);
constexpr float kC2 = (0.03F * 255) * (0.03F * 255);
/// Taken off all levels, so that single precision is enough for the differences of squares.
constexpr float kMiddle = 128;
constexpr std::array<double, 5> kScaleWeights = {0.0448, 0.2856, 0.3001, 0.2363, 0.1333};

struct Map {
  int width;
  int height;
  std::vector<float> values;
  Map(int w, int h) : width(w), height(h), values(static_cast<std::size_t>(w) * static_cast<std::size_t>(h)) {}
  float* row(int y) { return values.data() + static_cast<std::ptrdiff_t>(y) * width; }
  const float* row(int y) const { return values.data() + static_cast<std::ptrdiff_t>(y) * width; }
};

std::array<float, kTaps> gaussian() {
  std::array<double, kTaps> weights{};
  double sum = 0;
  for (int i = 0; i < kTaps; ++i) {
    const double x = (i - kTaps / 2) / kSigma;
    weights[static_cast<std::size_t>(i)] = std::exp(-x * x / 2);
    sum += weights[static_cast<std::size_t>(i)];
  }
  std::array<float, kTaps> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(weights[i] / sum);
  return out;
}

Map map_of(const Luma& plane) {
  Map out(plane.width, plane.height);
  for (int y = 0; y < plane.height; ++y) {
    const std::uint8_t* from = plane.data + y * plane.stride;
    float* to = out.row(y);
    for (int x = 0; x < plane.width; ++x) to[x] = static_cast<float>(from[x]) - kMiddle;
  }
  return out;
}

/// The local means that SSIM is made of: of a, b, a^2 + b^2 and ab (of the squares the sum is enough).
constexpr int kMeans = 4;

struct Terms {
  double ssim = 0;
  double contrast = 0;  ///< contrast and structure alone
};

/// Means over all places where the window fits.
Terms compare(const Map& a, const Map& b) {
  static const std::array<float, kTaps> weights = gaussian();
  const int width = a.width - kTaps + 1;
  const int height = a.height - kTaps + 1;
  std::array<std::vector<float>, kMeans> columns;
  std::array<std::vector<float>, kMeans> means;
  for (auto& column : columns) column.resize(static_cast<std::size_t>(a.width));
  for (auto& mean : means) mean.resize(static_cast<std::size_t>(width));
  Terms sum;
  for (int y = 0; y < height; ++y) {
    for (auto& column : columns) std::fill(column.begin(), column.end(), 0.0F);
    for (int tap = 0; tap < kTaps; ++tap) {
      const float weight = weights[static_cast<std::size_t>(tap)];
      const float* p = a.row(y + tap);
      const float* q = b.row(y + tap);
      for (std::size_t x = 0; x < columns[0].size(); ++x) {
        columns[0][x] += weight * p[x];
        columns[1][x] += weight * q[x];
        columns[2][x] += weight * (p[x] * p[x] + q[x] * q[x]);
        columns[3][x] += weight * (p[x] * q[x]);
      }
    }
    for (std::size_t m = 0; m < kMeans; ++m) {
      std::fill(means[m].begin(), means[m].end(), 0.0F);
      for (std::size_t tap = 0; tap < kTaps; ++tap)
        for (std::size_t x = 0; x < means[m].size(); ++x) means[m][x] += weights[tap] * columns[m][x + tap];
    }
    float row_ssim = 0;
    float row_contrast = 0;
    for (std::size_t x = 0; x < means[0].size(); ++x) {
      const float product = means[0][x] * means[1][x];
      const float squares = means[0][x] * means[0][x] + means[1][x] * means[1][x];
      const float contrast = (2 * (means[3][x] - product) + kC2) / (means[2][x] - squares + kC2);
      const float p = means[0][x] + kMiddle;
      const float q = means[1][x] + kMiddle;
      row_contrast += contrast;
      row_ssim += contrast * (2 * p * q + kC1) / (p * p + q * q + kC1);
    }
    sum.ssim += static_cast<double>(row_ssim);
    sum.contrast += static_cast<double>(row_contrast);
  }
  const double places = static_cast<double>(width) * height;
  return {sum.ssim / places, sum.contrast / places};
}

Map halved(const Map& map) {
  Map out(map.width / 2, map.height / 2);
  for (int y = 0; y < out.height; ++y) {
    const float* p = map.row(2 * y);
    const float* q = map.row(2 * y + 1);
    float* to = out.row(y);
    for (int x = 0; x < out.width; ++x) to[x] = (p[2 * x] + p[2 * x + 1] + q[2 * x] + q[2 * x + 1]) / 4;
  }
  return out;
}

}  // namespace

Similarity similarity(const Luma& a, const Luma& b) {
  if (a.width != b.width || a.height != b.height || a.width < kTaps || a.height < kTaps)
    throw std::invalid_argument("SSIM needs two pictures of one size, at least 11 x 11.");
  Map p = map_of(a);
  Map q = map_of(b);
  std::vector<Terms> scales = {compare(p, q)};
  while (scales.size() < kScaleWeights.size()) {
    p = halved(p);
    q = halved(q);
    if (p.width < kTaps || p.height < kTaps) break;
    scales.push_back(compare(p, q));
  }
  double weight = 0;
  double log_product = 0;
  for (std::size_t i = 0; i < scales.size(); ++i) {
    const double term = i + 1 < scales.size() ? scales[i].contrast : scales[i].ssim;
    log_product += kScaleWeights[i] * std::log(std::max(term, 1e-9));
    weight += kScaleWeights[i];
  }
  return {scales.front().ssim, std::exp(log_product / weight)};
}

double psnr(const Luma& a, const Luma& b) {
  constexpr double kMostPsnr = 99;
  std::int64_t squares = 0;
  for (int y = 0; y < a.height; ++y) {
    const std::uint8_t* p = a.data + y * a.stride;
    const std::uint8_t* q = b.data + y * b.stride;
    int row = 0;
    for (int x = 0; x < a.width; ++x) row += (p[x] - q[x]) * (p[x] - q[x]);
    squares += row;
  }
  if (squares == 0) return kMostPsnr;
  const double pixels = static_cast<double>(a.width) * a.height;
  return std::min(kMostPsnr, 10 * std::log10(255.0 * 255.0 * pixels / static_cast<double>(squares)));
}

}  // namespace robustness
