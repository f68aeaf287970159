// What a run of the benchmark found, and its JSON.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "fidelity.hpp"
#include "recovery.hpp"
#include "subtraction.hpp"
#include "tracing.hpp"
#include "visibility.hpp"

namespace robustness {

struct AttackResult {
  std::string attack;
  Recovery recovery;  ///< empty where steg-trace read the copy
  Tracing tracing;
  Subtraction subtraction;
  /// Of the file that the unmarked clip gives under the same attack, without the key frames that stegencode asks for;
  /// 0 where it was not made.
  double unmarked_kbps = 0;
};

struct ClipResult {
  std::string clip;
  bool still = false;
  int lines = 0;  ///< that it was scaled down to before it was marked; 0 if it was not
  int width = 0;
  int height = 0;
  double rate = 0;  ///< frames a second
  int frames = 0;
  Fidelity fidelity;
  std::vector<Visibility> visibility;  ///< empty if it was not measured
  std::vector<AttackResult> attacks;
};

struct Results {
  std::string encoder, extractor;  ///< fingerprints of the networks
  double strength = 1;
  double seconds = 0;          ///< at most, of each clip
  double read_rate = 0;        ///< frames read per second
  std::string no_butteraugli;  ///< why visibility was not measured, a sentence; empty if it was, or was not asked for
  std::vector<ClipResult> clips;

  /// Adds what `other` has, attack by attack. Throws std::invalid_argument if it is of other networks or settings.
  void merge(const Results& other);
};

/// Throws std::runtime_error.
void write_json(const Results& results, const std::string& path);
Results read_json(const std::string& path);

}  // namespace robustness
