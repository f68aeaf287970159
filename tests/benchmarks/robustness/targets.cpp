// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <sstream>

#include "format.hpp"
#include "pool.hpp"
#include "report.hpp"

namespace robustness {
namespace {

constexpr int kOneFrame = 0;

struct RecoveryTarget {
  const char* words;
  const char* attack;
  int seconds;  ///< of a window; kOneFrame
  double percent;
  Choice choice;
};

Choice of_lines(int lines) {
  return [lines](const ClipResult& clip) { return is_moving(clip) && clip.height == lines; };
}

const std::vector<RecoveryTarget>& recovery_targets() {
  static const std::vector<RecoveryTarget> targets = {
      {"one frame, CRF 23", "crf23", kOneFrame, 99.5, is_moving},
      {"one frame, CRF 28", "crf28", kOneFrame, 98, is_moving},
      {"one frame, CRF 33", "crf33", kOneFrame, 90, is_moving},
      {"1 s, CRF 28", "crf28", 1, 100, is_moving},
      {"1 s, CRF 33", "crf33", 1, 99.5, is_moving},
      {"1 s, CRF 38", "crf38", 1, 95, is_moving},
      {"10 s, CRF 43", "crf43", 10, 95, is_moving},
      {"10 s, 300 kbit/s, 720p", "kbps300", 10, 95, of_lines(720)},
      {"10 s, 1080p to 360p, CRF 33", "360p+crf33", 10, 95, of_lines(1080)},
      {"10 s, stills, CRF 33", "crf33", 10, 100, is_still},
  };
  return targets;
}

struct TracingTarget {
  const char* words;
  std::vector<const char*> attacks;
  double percent;
};

const std::vector<TracingTarget>& tracing_targets() {
  static const std::vector<TracingTarget> targets = {
      {"crop to 70% of the area, centre or corner", {"crop70+crf28", "corner70+crf28"}, 99},
      {"crop to 50% of the area, centre or corner", {"crop50+crf28", "corner50+crf28"}, 95},
      {"crop to 30% of the area, centre or corner", {"crop30+crf28", "corner30+crf28"}, 80},
      {"turned by 1, 3, 10, 90, 180 degrees",
       {"rotate1+crf28", "rotate3+crf28", "rotate10+crf28", "rotate90+crf28", "rotate180+crf28"},
       95},
      {"scaled by 0.4 to 1.5, aspect changed",
       {"width0.4+height0.5+crf28", "width0.75+crf28", "width1.2+height0.8+crf28", "width1.5+height1.3+crf28"},
       99},
      {"filmed by a phone", {"phone4+crf28", "phone10+crf28"}, 70},
      {"desktop recording, player at 50%", {"desktop+crf28"}, 95},
      {"mirrored", {"mirror+crf28"}, 95},
      {"one still as PNG or JPEG 75",
       {"crf28+at1.3+png", "crf28+at2.9+png", "crf28+at4.5+png", "crf28+at1.3+jpg75", "crf28+at2.9+jpg75",
        "crf28+at4.5+jpg75"},
       90},
  };
  return targets;
}

const Share& share_of(const Recovery& recovery, int seconds) {
  for (std::size_t i = 0; i < kWindows.size(); ++i)
    if (kWindows[i] == seconds) return recovery.windows[i];
  return recovery.frames;
}

class Table {
 public:
  void row(const std::string& words, const std::string& target, const std::string& measured, bool met) {
    rows_ << "| " << words << " | " << target << " | " << measured << " | " << (met ? "met" : "**missed**") << " |\n";
  }
  std::string text() const {
    return rows_.str().empty() ? "" : "| | target | measured | |\n|---|---|---|---|\n" + rows_.str();
  }

 private:
  std::ostringstream rows_;
};

void add_fidelity(Table& table, const Results& results) {
  double psnr = 0;
  double ssim = 0;
  double worst = 99;
  int clips = 0;
  for (const ClipResult& clip : results.clips) {
    if (!is_moving(clip)) continue;
    ++clips;
    psnr += clip.fidelity.psnr;
    ssim += clip.fidelity.ssim;
    worst = std::min(worst, clip.fidelity.worst_psnr);
  }
  if (clips == 0) return;
  psnr /= clips;
  ssim /= clips;
  table.row("PSNR-Y, mean over the clips", ">= 46 dB", number(psnr, 2) + " dB", psnr >= 46);
  table.row("PSNR-Y, worst frame", ">= 43 dB", number(worst, 2) + " dB", worst >= 43);
  table.row("SSIM, mean over the clips", ">= 0.995", number(ssim, 4), ssim >= 0.995);
}

void add_overhead(Table& table, const Results& results, const char* words, const char* attack) {
  const Pooled pooled = pool(results, attack, is_moving);
  if (pooled.overhead != 0)
    table.row(words, "<= 3%", number(pooled.overhead, 1) + "% (worst clip " + number(pooled.worst_overhead, 1) + "%)",
              pooled.overhead <= 3);
}

}  // namespace

std::string target_table(const Results& results) {
  Table table;
  add_fidelity(table, results);
  for (const RecoveryTarget& target : recovery_targets()) {
    const Share share = share_of(pool(results, target.attack, target.choice).sum, target.seconds);
    if (share.count > 0)
      table.row(target.words,
                ">= " + number(target.percent, target.percent < 99 || target.percent == 100 ? 0 : 1) + "%",
                percent(share) + " of " + std::to_string(share.count), share.percent() >= target.percent);
  }
  for (const TracingTarget& target : tracing_targets()) {
    Share share;
    for (const char* attack : target.attacks) share.add(pool_tracing(results, attack, is_moving).copies);
    if (share.count > 0)
      table.row(target.words, ">= " + number(target.percent, 0) + "%",
                percent(share) + " of " + std::to_string(share.count), share.percent() >= target.percent);
  }
  add_overhead(table, results, "bit rate added at CRF 23, mean over the clips", "crf23");
  add_overhead(table, results, "bit rate added at CRF 28, mean over the clips", "crf28");
  return table.text();
}

}  // namespace robustness
