// SPDX-License-Identifier: LGPL-2.1-or-later
#include "report.hpp"

#include <algorithm>
#include <sstream>

#include "format.hpp"
#include "pool.hpp"

namespace robustness {
namespace {

/// "clip.mp4" as "clip": tables are wide enough.
std::string short_name(const std::string& clip) { return clip.substr(0, clip.rfind('.')); }

std::string wrong_words(int wrong) { return wrong == 0 ? "0" : "**" + std::to_string(wrong) + "**"; }

void write_recovery(std::ostream& out, const Results& results, const Choice& choice) {
  out << "| attack | clips | 1 frame | 1 s | 5 s | 10 s | mean z | bits right | wrong IDs | worst clip, 1 frame |\n"
         "|---|---|---|---|---|---|---|---|---|---|\n";
  for (const std::string& attack : attacks_of(results, choice)) {
    const Pooled pooled = pool(results, attack, choice);
    out << "| " << attack << " | " << pooled.clips << " | " << percent(pooled.sum.frames);
    for (const Share& share : pooled.sum.windows) out << " | " << percent(share);
    out << " | " << number(pooled.sum.mean_z, 2) << " | " << number(100 * pooled.sum.bit_accuracy, 1) << "% | "
        << wrong_words(pooled.sum.wrong) << " | " << percent(pooled.worst) << " " << short_name(pooled.worst_clip)
        << " |\n";
  }
}

void write_tracing(std::ostream& out, const Results& results, const Choice& choice) {
  const std::vector<std::string> attacks = traced_attacks_of(results, choice);
  if (attacks.empty()) return;
  out << "## Copies whose picture was moved, and stills, by steg-trace\n\n"
         "| attack | copies | ID found | wrong IDs | S, median | CPU s, median | most | not found in |\n"
         "|---|---|---|---|---|---|---|---|\n";
  for (const std::string& attack : attacks) {
    const PooledTracing pooled = pool_tracing(results, attack, choice);
    out << "| " << attack << " | " << pooled.copies.count << " | " << percent(pooled.copies) << " | "
        << wrong_words(pooled.wrong) << " | " << (pooled.copies.found > 0 ? number(pooled.signature, 1) : "–") << " | "
        << number(pooled.cpu_seconds, 0) << " | " << number(pooled.most_cpu_seconds, 0) << " | ";
    for (const std::string& clip : pooled.missed_in)
      out << (&clip == &pooled.missed_in.front() ? "" : ", ") << short_name(clip);
    out << " |\n";
  }
  out << "\n";
}

void write_clips(std::ostream& out, const Results& results, const Choice& choice) {
  std::vector<std::string> attacks;
  for (const std::string& attack : attacks_of(results, choice))
    if (attack.rfind("crf", 0) == 0 && attack.find('+') == std::string::npos) attacks.push_back(attack);
  if (attacks.empty()) return;
  out << "| clip |";
  for (const std::string& attack : attacks) out << " " << attack << " | z |";
  out << "\n|---|";
  for (std::size_t i = 0; i < attacks.size(); ++i) out << "---|---|";
  out << "\n";
  for (const ClipResult& clip : results.clips) {
    if (!choice(clip)) continue;
    out << "| " << short_name(clip.clip) << " |";
    for (const std::string& attack : attacks) {
      const AttackResult* result = find_attack(clip, attack);
      if (result)
        out << " " << percent(result->recovery.frames) << " / " << percent(result->recovery.windows[0]) << " | "
            << number(result->recovery.mean_z, 2) << " |";
      else
        out << " – | – |";
    }
    out << "\n";
  }
}

std::string overhead_words(const ClipResult& clip, const char* attack) {
  const AttackResult* result = find_attack(clip, attack);
  return result && result->unmarked_kbps > 0 ? number(overhead(*result), 1) + "%" : "–";
}

void write_fidelity(std::ostream& out, const Results& results, const Choice& choice) {
  out << "| clip | PSNR-Y | worst frame | SSIM | worst | MS-SSIM | worst | worst 64x64: rms / (1 + activity) | flicker "
         "| "
         "at epochs | rate at CRF 23 | CRF 28 |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const ClipResult& clip : results.clips) {
    if (!choice(clip)) continue;
    const Fidelity& f = clip.fidelity;
    out << "| " << short_name(clip.clip) << " | " << number(f.psnr, 2) << " | " << number(f.worst_psnr, 2) << " | "
        << number(f.ssim, 4) << " | " << number(f.worst_ssim, 4) << " | " << number(f.ms_ssim, 4) << " | "
        << number(f.worst_ms_ssim, 4) << " | " << number(f.window.rms, 2) << " / (1 + " << number(f.window.activity, 2)
        << ") = " << number(f.window.ratio, 2) << " at frame " << f.window.frame << ", (" << f.window.x << ", "
        << f.window.y << ") | " << number(f.flicker, 2) << " | " << number(f.flicker_at_epochs, 2) << " | "
        << overhead_words(clip, "crf23") << " | " << overhead_words(clip, "crf28") << " |\n";
  }
}

bool any(const Results& results, const Choice& choice) {
  return std::any_of(results.clips.begin(), results.clips.end(), choice);
}

void write_section(std::ostream& out, const Results& results, const Choice& choice, const std::string& of) {
  if (!any(results, choice)) return;
  if (!attacks_of(results, choice).empty()) {
    out << "## ID recovered from " << of << "\n\n";
    write_recovery(out, results, choice);
    out << "\n## Each of the " << of << ": 1 frame / 1 s, and mean z\n\n";
    write_clips(out, results, choice);
    out << "\n";
  }
  write_tracing(out, results, choice);
  out << subtraction_table(results, choice, of);
  out << "## Fidelity of the " << of << "\n\n";
  write_fidelity(out, results, choice);
  out << "\n" << visibility_table(results, choice, of);
}

}  // namespace

std::string report(const Results& results) {
  std::ostringstream out;
  out << "Encoder " << results.encoder << ", extractor " << results.extractor << ", strength "
      << number(results.strength, 2) << "; the first " << number(results.seconds, 0) << " s of each clip, "
      << number(results.read_rate, 0) << " frames a second read.\n\n";
  for (const int lines : lines_of(results))
    write_section(out, results, scaled_to(lines),
                  lines == 0 ? "clips" : "clips scaled to " + std::to_string(lines) + " lines");
  write_section(out, results, is_still, "stills");
  const std::string targets = target_table(results);
  if (!targets.empty()) out << "## Targets\n\n" << targets << "\n";
  return out.str();
}

}  // namespace robustness
