// SPDX-License-Identifier: LGPL-2.1-or-later
#include "told_rate.hpp"

namespace launcher {
namespace {

struct Level {
  int number;
  int macroblocks_a_second;
};
constexpr Level kLevels[] = {{10, 1485},   {11, 3000},   {12, 6000},   {13, 11880},  {21, 19800},
                             {22, 20250},  {30, 40500},  {31, 108000}, {32, 216000}, {40, 245760},
                             {42, 522240}, {50, 589824}, {51, 983040}, {52, 2073600}};

/// What publishers write who do not know the rate is 1,000 or more.
constexpr double kHighest = 120;
constexpr double kUsual = 30;

int macroblocks(int pixels) { return (pixels + 15) / 16; }

}  // namespace

int h264_level(int width, int height, double frames_per_second) {
  const double wanted = static_cast<double>(macroblocks(width)) * macroblocks(height) * frames_per_second;
  int level = 0;
  for (const Level& candidate : kLevels) {
    level = candidate.number;
    if (wanted <= candidate.macroblocks_a_second) break;
  }
  return level;
}

double ToldRate::best() const {
  const bool plausible = declared_ > 0 && declared_ <= kHighest;
  if (!(measured_ > 0)) return plausible ? declared_ : kUsual;
  return plausible && level(declared_) == level(measured_) ? declared_ : measured_;
}

double ToldRate::declare(int width, int height, double rate) {
  width_ = width;
  height_ = height;
  declared_ = rate;
  told_ = best();
  return told_;
}

bool ToldRate::measure(double rate) {
  const bool first = !(measured_ > 0);
  measured_ = rate;
  if (!(told_ > 0)) return false;
  const int wanted = level(best());
  const int now = level(told_);
  // A level that is too high is no fault, and a rate that varies would have the encoder begin again and again.
  if (wanted == now || (wanted < now && !first)) return false;
  told_ = best();
  return true;
}

}  // namespace launcher
