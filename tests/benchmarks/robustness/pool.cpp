// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pool.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace robustness {
namespace {

/// 0 of nothing.
double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::vector<std::string> names_of(const Results& results, const Choice& choice, bool traced) {
  std::vector<std::string> names;
  for (const ClipResult& clip : results.clips) {
    if (!choice(clip)) continue;
    for (const AttackResult& result : clip.attacks)
      if (result.tracing.tried == traced && std::find(names.begin(), names.end(), result.attack) == names.end())
        names.push_back(result.attack);
  }
  return names;
}

}  // namespace

bool is_still(const ClipResult& clip) { return clip.still; }
bool is_moving(const ClipResult& clip) { return !clip.still && clip.lines == 0; }

Choice scaled_to(int lines) {
  return [lines](const ClipResult& clip) { return !clip.still && clip.lines == lines; };
}

std::vector<int> lines_of(const Results& results) {
  std::vector<int> lines;
  for (const ClipResult& clip : results.clips)
    if (!clip.still && std::find(lines.begin(), lines.end(), clip.lines) == lines.end()) lines.push_back(clip.lines);
  return lines;
}

double overhead(const AttackResult& result) {
  return result.unmarked_kbps > 0 ? 100 * (result.recovery.kbps / result.unmarked_kbps - 1) : 0;
}

const AttackResult* find_attack(const ClipResult& clip, const std::string& attack) {
  const auto found = std::find_if(clip.attacks.begin(), clip.attacks.end(),
                                  [&](const AttackResult& result) { return result.attack == attack; });
  return found == clip.attacks.end() ? nullptr : &*found;
}

Pooled pool(const Results& results, const std::string& attack, const Choice& choice) {
  Pooled pooled;
  int overheads = 0;
  for (const ClipResult& clip : results.clips) {
    const AttackResult* result = choice(clip) ? find_attack(clip, attack) : nullptr;
    if (!result) continue;
    const Recovery& recovery = result->recovery;
    if (pooled.clips == 0 || recovery.frames.percent() < pooled.worst.percent()) {
      pooled.worst = recovery.frames;
      pooled.worst_clip = clip.clip;
    }
    ++pooled.clips;
    pooled.sum.frames.add(recovery.frames);
    for (std::size_t i = 0; i < kWindows.size(); ++i) pooled.sum.windows[i].add(recovery.windows[i]);
    pooled.sum.wrong += recovery.wrong;
    pooled.sum.mean_z += recovery.mean_z;
    pooled.sum.bit_accuracy += recovery.bit_accuracy;
    if (result->unmarked_kbps <= 0) continue;
    ++overheads;
    pooled.overhead += overhead(*result);
    pooled.worst_overhead = std::max(pooled.worst_overhead, overhead(*result));
  }
  if (pooled.clips > 0) {
    pooled.sum.mean_z /= pooled.clips;
    pooled.sum.bit_accuracy /= pooled.clips;
  }
  if (overheads > 0) pooled.overhead /= overheads;
  return pooled;
}

PooledTracing pool_tracing(const Results& results, const std::string& attack, const Choice& choice) {
  PooledTracing pooled;
  std::vector<double> signatures;
  std::vector<double> seconds;
  for (const ClipResult& clip : results.clips) {
    const AttackResult* result = choice(clip) ? find_attack(clip, attack) : nullptr;
    if (!result || !result->tracing.tried) continue;
    const Tracing& tracing = result->tracing;
    pooled.copies.add({1, tracing.found ? 1 : 0});
    pooled.wrong += tracing.wrong;
    seconds.push_back(tracing.cpu_seconds);
    if (tracing.found)
      signatures.push_back(tracing.signature);
    else
      pooled.missed_in.push_back(clip.clip);
  }
  pooled.signature = median(std::move(signatures));
  pooled.most_cpu_seconds = seconds.empty() ? 0 : *std::max_element(seconds.begin(), seconds.end());
  pooled.cpu_seconds = median(std::move(seconds));
  return pooled;
}

std::vector<std::string> attacks_of(const Results& results, const Choice& choice) {
  return names_of(results, choice, false);
}
std::vector<std::string> traced_attacks_of(const Results& results, const Choice& choice) {
  return names_of(results, choice, true);
}

}  // namespace robustness
