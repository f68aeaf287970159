// SPDX-License-Identifier: LGPL-2.1-or-later
#include "progress_bar.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace steg_trace::tool {
namespace {

constexpr int kWidth = 30;

}  // namespace

ProgressBar::ProgressBar(std::string title) : title_(std::move(title)), terminal_(isatty(STDERR_FILENO) == 1) {}

void ProgressBar::show(double done) {
  const int percent = static_cast<int>(100.0 * std::clamp(done, 0.0, 1.0));
  if (!terminal_ || percent == shown_) return;
  shown_ = percent;
  const auto filled = static_cast<std::size_t>(kWidth * percent / 100);
  const std::string bar = std::string(filled, '#') + std::string(kWidth - filled, ' ');
  std::fprintf(stderr, "\r%s [%s] %d%%\033[K", title_.c_str(), bar.c_str(), percent);
}

void ProgressBar::clear() {
  if (shown_ >= 0) std::fputs("\r\033[K", stderr);
  shown_ = -1;
}

}  // namespace steg_trace::tool
