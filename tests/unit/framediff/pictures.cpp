// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pictures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <random>
#include <string_view>

namespace pictures {
namespace {

constexpr int kPaper = 235;
constexpr int kInk = 16;

std::uint8_t clamp(double level) { return static_cast<std::uint8_t>(std::lround(std::clamp(level, 0.0, 255.0))); }

/// One seven-segment glyph of that height.
void draw_glyph(Picture& picture, double x, double y, double height, unsigned segments, int level) {
  const double width = 0.55 * height;
  const double stroke = std::max(1.0, 0.12 * height);
  const double half = height / 2;
  struct Bar {
    double x, y, w, h;
  };
  const std::array<Bar, 7> bars{{{0, 0, width, stroke},
                                 {0, half - stroke / 2, width, stroke},
                                 {0, height - stroke, width, stroke},
                                 {0, 0, stroke, half},
                                 {0, half, stroke, half},
                                 {width - stroke, 0, stroke, half},
                                 {width - stroke, half, stroke, half}}};
  for (std::size_t i = 0; i < bars.size(); ++i)
    if (segments >> i & 1U) fill(picture, x + bars[i].x, y + bars[i].y, bars[i].w, bars[i].h, level);
}

void draw_line_of_text(Picture& picture, double x, double y, double height, int glyphs, int level,
                       std::mt19937& random) {
  for (int i = 0; i < glyphs; ++i, x += 0.75 * height)
    if (random() % 6 != 0) draw_glyph(picture, x, y, height, 1U + static_cast<unsigned>(random() % 127), level);
}

}  // namespace

void fill(Picture& picture, double x, double y, double width, double height, int level) {
  const int left = std::max(0, static_cast<int>(std::floor(x)));
  const int right = std::min(picture.width, static_cast<int>(std::ceil(x + width)));
  const int top = std::max(0, static_cast<int>(std::floor(y)));
  const int bottom = std::min(picture.height, static_cast<int>(std::ceil(y + height)));
  const auto covered = [](double begin, double end, int pixel) {
    return std::min(end, pixel + 1.0) - std::max(begin, static_cast<double>(pixel));
  };
  for (int row = top; row < bottom; ++row) {
    for (int column = left; column < right; ++column) {
      const double part = covered(y, y + height, row) * covered(x, x + width, column);
      std::uint8_t& pixel = picture.at(column, row);
      pixel = clamp(pixel + part * (level - pixel));
    }
  }
}

Picture slide(int width, int height) {
  Picture picture(width, height, kPaper);
  std::mt19937 random(7);
  const double u = height / 1080.0;
  const double w = width;
  draw_line_of_text(picture, 0.06 * w, 70 * u, 64 * u, 18, kInk, random);
  fill(picture, 0.06 * w, 160 * u, 0.88 * w, 2 * u, 90);
  draw_line_of_text(picture, 0.06 * w, 220 * u, 34 * u, 32, 40, random);
  draw_line_of_text(picture, 0.06 * w, 280 * u, 34 * u, 28, 40, random);
  for (int line = 0; line < 6; ++line)
    draw_line_of_text(picture, 0.06 * w, (360 + 34 * line) * u, 20 * u, 52, kInk, random);
  for (int line = 0; line < 4; ++line)
    draw_line_of_text(picture, 0.06 * w, (600 + 20 * line) * u, 11 * u, 90, kInk, random);
  fill(picture, 0.6 * w, 420 * u, 0.32 * w, 360 * u, 60);
  draw_line_of_text(picture, 0.63 * w, 520 * u, 44 * u, 14, kPaper, random);
  draw_line_of_text(picture, 0.63 * w, 620 * u, 26 * u, 22, 180, random);
  for (int x = 0; x < width; ++x) fill(picture, x, 860 * u, 1, 120 * u, 40 + 180 * x / width);
  return picture;
}

Picture photo(int width, int height, unsigned seed) {
  Picture picture(width, height, 110);
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  for (int i = 0; i < 60; ++i)
    fill(picture, unit(random) * width, unit(random) * height, unit(random) * 0.4 * width, unit(random) * 0.4 * height,
         40 + static_cast<int>(150 * unit(random)));
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      picture.at(x, y) = clamp(picture.at(x, y) + 10 * std::sin(x * 0.11) * std::sin(y * 0.07) +
                               (y * 3 > height ? 14 * std::sin(x * 1.3 + y * 0.9) : 0));
  return picture;
}

void draw_cursor(Picture& picture, int x, int y) {
  // X: outline, o: inside, blank: not part of the cursor.
  static constexpr std::array<std::string_view, 19> kArrow{
      "X",        "XX",        "XoX",        "XooX",        "XoooX",        "XooooX",       "XoooooX",
      "XooooooX", "XoooooooX", "XooooooooX", "XoooooooooX", "XooooooooooX", "XooooooXXXXX", "XoooXooX",
      "XooXXooX", "XoX  XooX", "XX   XooX",  "X     XooX",  "      XXX"};
  for (std::size_t row = 0; row < kArrow.size(); ++row) {
    for (std::size_t column = 0; column < kArrow[row].size(); ++column) {
      const int px = x + static_cast<int>(column);
      const int py = y + static_cast<int>(row);
      if (kArrow[row][column] == ' ' || px < 0 || py < 0 || px >= picture.width || py >= picture.height) continue;
      picture.at(px, py) = static_cast<std::uint8_t>(kArrow[row][column] == 'X' ? kInk : kPaper);
    }
  }
}

void add_noise(Picture& picture, double sigma, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0.0, sigma);
  for (std::uint8_t& pixel : picture.luma) pixel = clamp(pixel + noise(random));
}

}  // namespace pictures
