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
  int seconds;  ///< of a window; kOneFrame. A clip that is shorter is one window as a whole.
  double percent;
  Choice choice;
};

/// Clips with the word in their names, such as terminal_720p.mp4.
Choice of_kind(const char* kind) {
  return [kind](const ClipResult& clip) { return is_moving(clip) && clip.clip.find(kind) != std::string::npos; };
}

const std::vector<RecoveryTarget>& recovery_targets() {
  static const std::vector<RecoveryTarget> targets = {
      {"one frame, CRF 23", "crf23", kOneFrame, 98, is_moving},
      {"one frame, CRF 28", "crf28", kOneFrame, 90, is_moving},
      {"1 s, CRF 28", "crf28", 1, 100, is_moving},
      {"1 s, CRF 33", "crf33", 1, 99, is_moving},
      {"1 s, CRF 38", "crf38", 1, 90, is_moving},
      {"10 s, CRF 38", "crf38", 10, 100, is_moving},
      {"10 s, CRF 43", "crf43", 10, 95, is_moving},
      {"10 s, 300 kbit/s", "kbps300", 10, 95, is_moving},
      {"10 s, x265 CRF 35", "x265-crf35", 10, 95, is_moving},
      {"10 s, VP9 300 kbit/s", "vp9-kbps300", 10, 95, is_moving},
      {"10 s, AV1 300 kbit/s", "av1-kbps300", 10, 95, is_moving},
      {"10 s, 360p CRF 33", "360p+crf33", 10, 95, is_moving},
      {"10 s, grey copies, CRF 28", "grey+crf28", 10, 95, is_moving},
      {"10 s, black-and-white film, CRF 33", "crf33", 10, 95, of_kind("film")},
      {"10 s, terminal, CRF 33", "crf33", 10, 95, of_kind("terminal")},
      {"10 s, slides, CRF 33", "crf33", 10, 95, of_kind("slides")},
      {"10 s, cartoon, CRF 33", "crf33", 10, 95, of_kind("cartoon")},
      {"10 s, dark, CRF 33", "crf33", 10, 95, of_kind("dark")},
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
      {"crop to 30% of the area, centre or corner", {"crop30+crf28", "corner30+crf28"}, 95},
      {"turned by 1, 3, 10, 90, 180 degrees",
       {"rotate1+crf28", "rotate3+crf28", "rotate10+crf28", "rotate90+crf28", "rotate180+crf28"},
       95},
      {"scaled by 0.4 to 1.5, aspect changed",
       {"width0.4+height0.5+crf28", "width0.75+crf28", "width1.2+height0.8+crf28", "width1.5+height1.3+crf28"},
       99},
      {"filmed by a phone", {"phone4+crf28", "phone10+crf28"}, 70},
      {"desktop recording, player at 50%", {"desktop+crf28"}, 95},
      {"mirrored", {"mirror+crf28"}, 95},
      {"bars, or 9:16 of a landscape", {"letterbox+crf28", "pillarbox+crf28", "portrait+crf28"}, 95},
      {"one screenshot, CRF 28, as PNG or JPEG 75",
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

/// Of the clips as they are, the mean and the largest of one figure.
struct Spread {
  int clips = 0;
  double sum = 0;
  double most = 0;
  void add(double value) {
    ++clips;
    sum += value;
    most = std::max(most, value);
  }
  double mean() const { return sum / clips; }
};

void add_bound(Table& table, const std::string& words, double bound, double measured) {
  table.row(words, "<= " + number(bound, 1), number(measured, 2), measured <= bound);
}

void add_visibility(Table& table, const Results& results) {
  constexpr double kAlwaysAllowed = 0.35;
  Spread norm3;
  Spread maximum;
  Share below;  // x264
  for (const ClipResult& clip : results.clips) {
    const Visibility mark = overall(clip.visibility, kMarkItself, 1);
    if (!is_moving(clip) || mark.count == 0) continue;
    norm3.add(mark.norm3);
    maximum.add(mark.maximum);
    const double x264 = overall(clip.visibility, "crf18", 1).norm3;
    below.add({1, mark.norm3 <= std::max(x264, kAlwaysAllowed) ? 1 : 0});
  }
  if (norm3.clips == 0) return;
  add_bound(table, "Butteraugli 3-norm, mean of the clips", 0.5, norm3.mean());
  add_bound(table, "Butteraugli 3-norm, worst clip", 0.8, norm3.most);
  table.row("Butteraugli 3-norm, clips not above x264 CRF 18 (or 0.35)", "all",
            std::to_string(below.found) + " of " + std::to_string(below.count), below.found == below.count);
  add_bound(table, "Butteraugli maximum, mean of the clips", 1.5, maximum.mean());
  add_bound(table, "Butteraugli maximum, worst clip", 2.5, maximum.most);
}

/// The ID is still read from 60 s, or the picture has lost enough.
void add_subtraction(Table& table, const Results& results, const std::string& attack) {
  Share read;
  Share spoilt;  // where it is not read
  for (const ClipResult& clip : results.clips) {
    const AttackResult* result = is_moving(clip) ? find_attack(clip, attack) : nullptr;
    if (!result || result->subtraction.seen == 0) continue;
    const CopyState& before = result->subtraction.before;
    const CopyState& after = result->subtraction.after;
    read.add({1, after.found ? 1 : 0});
    if (!after.found) spoilt.add({1, before.psnr - after.psnr >= 3 || after.butteraugli.norm3 >= 2 ? 1 : 0});
  }
  if (read.count > 0)
    table.row(attack + ", 60 s, CRF 23 again: ID still read", ">= 80%",
              percent(read) + " of " + std::to_string(read.count), read.percent() >= 80);
  if (spoilt.count > 0)
    table.row(attack + ", where it is gone: 3 dB lost, or Butteraugli 2", "all",
              std::to_string(spoilt.found) + " of " + std::to_string(spoilt.count), spoilt.found == spoilt.count);
}

void add_overhead(Table& table, const Results& results, const std::string& crf) {
  const Pooled pooled = pool(results, "crf" + crf, is_moving);
  if (pooled.overhead == 0) return;
  const std::string words = "bit rate added at CRF " + crf;
  table.row(words + ", mean of the clips", "<= 3%", number(pooled.overhead, 1) + "%", pooled.overhead <= 3);
  table.row(words + ", worst clip", "<= 10%", number(pooled.worst_overhead, 1) + "%", pooled.worst_overhead <= 10);
}

}  // namespace

std::string target_table(const Results& results) {
  Table table;
  add_visibility(table, results);
  for (const RecoveryTarget& target : recovery_targets()) {
    const Share share = share_of(pool(results, target.attack, target.choice).sum, target.seconds);
    if (share.count > 0)
      table.row(target.words, ">= " + number(target.percent, 0) + "%",
                percent(share) + " of " + std::to_string(share.count), share.percent() >= target.percent);
  }
  for (const TracingTarget& target : tracing_targets()) {
    Share share;
    for (const char* attack : target.attacks) share.add(pool_tracing(results, attack, is_moving).copies);
    if (share.count > 0)
      table.row(target.words, ">= " + number(target.percent, 0) + "%",
                percent(share) + " of " + std::to_string(share.count), share.percent() >= target.percent);
  }
  for (const char* attack : {"subtract", "subtract600"}) add_subtraction(table, results, attack);
  for (const char* crf : {"23", "28"}) add_overhead(table, results, crf);
  return table.text();
}

}  // namespace robustness
