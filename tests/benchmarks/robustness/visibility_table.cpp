// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <sstream>

#include "format.hpp"
#include "pool.hpp"
#include "report.hpp"

namespace robustness {
namespace {

constexpr const char* kKinds[] = {"key", "between", "epoch"};

/// "1.53 / 5.31": 3-norm and maximum; a dash where nothing was measured.
std::string words(const Visibility& visibility) {
  return visibility.count == 0 ? "–" : number(visibility.norm3, 2) + " / " + number(visibility.maximum, 2);
}

Visibility of_kind(const ClipResult& clip, int scale, const std::string& kind) {
  const auto found = std::find_if(clip.visibility.begin(), clip.visibility.end(), [&](const Visibility& one) {
    return one.what == kMarkItself && one.scale == scale && one.frames == kind;
  });
  return found == clip.visibility.end() ? Visibility{} : *found;
}

}  // namespace

std::string visibility_table(const Results& results, const Choice& choice, const std::string& of) {
  std::ostringstream rows;
  for (const ClipResult& clip : results.clips) {
    if (!choice(clip) || clip.visibility.empty()) continue;
    for (const int scale : {1, 2}) {
      rows << "| " << clip.clip.substr(0, clip.clip.rfind('.')) << " | " << scale << " |";
      for (const char* kind : kKinds) rows << " " << words(of_kind(clip, scale, kind)) << " |";
      for (const char* what : {kMarkItself, "crf23", "crf18", "crf16"})
        rows << " " << words(overall(clip.visibility, what, scale)) << " |";
      rows << "\n";
    }
  }
  const std::string heading = "## Butteraugli of the " + of + "\n\n";
  if (rows.str().empty()) return results.no_butteraugli.empty() ? "" : heading + results.no_butteraugli + "\n\n";
  return heading +
         "3-norm / maximum against the original: of the mark before any codec, and of x264 without a mark.\n\n"
         "| clip | times as large | key frames | between | change of epoch | all | CRF 23 | CRF 18 | CRF 16 |\n"
         "|---|---|---|---|---|---|---|---|---|\n" +
         rows.str() + "\n";
}

}  // namespace robustness
