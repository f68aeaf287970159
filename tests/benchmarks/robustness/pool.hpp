// Results of several clips put together.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "results.hpp"

namespace robustness {

/// What one attack did to several clips, every frame and window counted alike.
struct Pooled {
  int clips = 0;
  Recovery sum;            ///< shares and wrong readings added up; mean_z and bit_accuracy are means over the clips
  std::string worst_clip;  ///< by single frames
  Share worst;
  double overhead = 0;  ///< of the bit rate, in percent, mean over the clips; 0 if it was not measured
  double worst_overhead = -100;
};

using Choice = std::function<bool(const ClipResult&)>;

Pooled pool(const Results& results, const std::string& attack, const Choice& choice);

/// Nothing if the attack was not made on this clip.
const AttackResult* find_attack(const ClipResult& clip, const std::string& attack);

/// Percent that the mark adds to the bit rate; 0 if it was not measured.
double overhead(const AttackResult& result);

/// What steg-trace found in the copies that one attack made of several clips.
struct PooledTracing {
  Share copies;
  int wrong = 0;
  double signature = 0;    ///< median of the copies in which the ID was found
  double cpu_seconds = 0;  ///< median
  double most_cpu_seconds = 0;
  std::vector<std::string> missed_in;  ///< clips
};

PooledTracing pool_tracing(const Results& results, const std::string& attack, const Choice& choice);

/// Attacks made on the clips chosen, in the order in which the results first name them: those whose copies were read
/// frame by frame, or those whose copies steg-trace read.
std::vector<std::string> attacks_of(const Results& results, const Choice& choice);
std::vector<std::string> traced_attacks_of(const Results& results, const Choice& choice);

bool is_still(const ClipResult& clip);
/// A clip in its own size.
bool is_moving(const ClipResult& clip);
/// A clip that was scaled down to so many lines before it was marked; 0: is_moving.
Choice scaled_to(int lines);
/// The sizes that clips were scaled down to; 0 stands for clips in their own size.
std::vector<int> lines_of(const Results& results);

}  // namespace robustness
