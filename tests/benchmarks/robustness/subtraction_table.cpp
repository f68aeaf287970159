// SPDX-License-Identifier: LGPL-2.1-or-later
#include <sstream>

#include "format.hpp"
#include "pool.hpp"
#include "report.hpp"

namespace robustness {
namespace {

std::string signature_words(double signature, bool found) { return number(signature, 1) + (found ? "" : " (no ID)"); }

std::string butteraugli_words(const Subtraction& subtraction, const Butteraugli& distance) {
  return subtraction.looked_at ? number(distance.norm3, 2) + " / " + number(distance.maximum, 2) : "–";
}

}  // namespace

std::string subtraction_table(const Results& results, const Choice& choice, const std::string& of) {
  std::ostringstream rows;
  for (const ClipResult& clip : results.clips) {
    if (!choice(clip)) continue;
    for (const AttackResult& result : clip.attacks) {
      const Subtraction& s = result.subtraction;
      if (s.seen == 0) continue;
      rows << "| " << clip.clip.substr(0, clip.clip.rfind('.')) << " | " << number(s.seen, 0) << " s | "
           << number(s.strength, 2) << " | " << signature_words(s.before.signature_10s, s.before.found_10s) << " | "
           << signature_words(s.after.signature_10s, s.after.found_10s) << " | "
           << signature_words(s.before.signature, s.before.found) << " | "
           << signature_words(s.after.signature, s.after.found) << " | " << number(s.before.psnr, 2) << " | "
           << number(s.after.psnr, 2) << " | " << butteraugli_words(s, s.before.butteraugli) << " | "
           << butteraugli_words(s, s.after.butteraugli) << " |\n";
    }
  }
  if (rows.str().empty()) return "";
  return "## Marks of the " + of +
         " subtracted with the public networks\n\n"
         "S of a copy at CRF 23 and of what is left of it at CRF 23; picture against the unmarked original "
         "(Butteraugli: "
         "3-norm / maximum).\n\n"
         "| clip | seen | strength | S, 10 s | after | S, 60 s | after | PSNR-Y | after | Butteraugli | after |\n"
         "|---|---|---|---|---|---|---|---|---|---|---|\n" +
         rows.str() + "\n";
}

}  // namespace robustness
