// The attack of somebody who has a copy and this repository: the mark is estimated and subtracted.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <string>

#include "butteraugli.hpp"
#include "clip.hpp"
#include "encoder.hpp"
#include "extractor.hpp"
#include "recovery.hpp"

namespace robustness {

/// A copy against the unmarked original.
struct CopyState {
  double signature_10s = 0;  ///< S of the ID that is embedded, over the first 10 s
  double signature = 0;      ///< over the whole copy
  bool found_10s = false;
  bool found = false;
  double psnr = 0;  ///< luma, over the first 10 s, dB
  Butteraugli butteraugli;
};

struct Subtraction {
  double seen = 0;          ///< seconds of the stream that the attacker had; 0: the attack was not made
  double strength = 0;      ///< the least at which the ID is gone, else the one that lowered S most
  bool looked_at = false;   ///< Butteraugli was measured
  CopyState before, after;  ///< the marked copy; what the attack left of it
};

struct SubtractionPlan {
  MarkOptions mark;
  double seen;  ///< seconds; the copy that is attacked is the first kAttackedSeconds of them
  ReadPlan read;
};

inline constexpr double kAttackedSeconds = 60;

/// Repeats the clip's picture until it is long enough, marks and codes it at CRF 23, learns from `seen` seconds of
/// that, subtracts at several strengths from the first kAttackedSeconds and codes each result at CRF 23 again; the
/// gentlest one at which the ID is gone counts, else the one that lowers S most. The attacker is granted the times at
/// which the mark changes, which key frames tell, and that frames a whole round of epochs apart carry the same chips.
/// Returns how the attacked copy reads; `subtraction` gets the rest. Files are written into `folder`. Throws
/// std::runtime_error.
Recovery subtract_mark(const Clip& clip, const SubtractionPlan& plan, steg::Encoder& encoder,
                       steg::Extractor& extractor, const std::filesystem::path& folder, Subtraction& subtraction);

}  // namespace robustness
