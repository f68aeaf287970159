// SPDX-License-Identifier: LGPL-2.1-or-later
#include "score.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sstream>
#include <stdexcept>

namespace blind {
namespace {

std::string number(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

void row(std::ostream& out, const std::string& words, const Score& score) {
  if (score.answers == 0) return;
  out << "| " << words << " | " << score.told << " of " << score.answers << " | "
      << number("%.0f%%", 100 * score.share()) << " | " << number("%.2f", score.mean_confidence()) << " | "
      << number("%.2g", guessing_p_value(score.told, score.answers)) << " |\n";
}

void target(std::ostream& out, const std::string& words, const std::string& measured, bool met) {
  out << "| " << words << " | " << measured << " | " << (met ? "met" : "**missed**") << " |\n";
}

}  // namespace

Score score(const std::vector<Pair>& key, const std::vector<Answer>& answers, const std::string& what,
            const std::string& view, const std::string& place) {
  Score sum;
  for (const Answer& answer : answers) {
    const auto pair = std::find_if(key.begin(), key.end(), [&](const Pair& one) { return one.name == answer.pair; });
    if (pair == key.end())
      throw std::runtime_error("There is an answer to \"" + answer.pair + "\", which the key lacks.");
    if (pair->what != what || pair->view != view || (!place.empty() && pair->place != place)) continue;
    ++sum.answers;
    sum.told += answer.side == pair->side ? 1 : 0;
    sum.confidence += answer.confidence;
  }
  return sum;
}

double guessing_p_value(int told, int answers) {
  double p = 0;
  for (int k = told; k <= answers; ++k)
    p += std::exp(std::lgamma(answers + 1.0) - std::lgamma(k + 1.0) - std::lgamma(answers - k + 1.0) -
                  answers * std::log(2.0));
  return std::min(1.0, p);
}

std::string score_report(const std::vector<Pair>& key, const std::vector<Answer>& answers) {
  std::ostringstream out;
  out << "| pairs | told | share | mean confidence (0 to 3) | p, had they been guessed |\n|---|---|---|---|---|\n";
  for (const char* what : {kMark, kX264}) {
    for (const char* view : {kFullSize, kTwice, kStrip}) {
      const std::string words = std::string(what) + ", " + view;
      row(out, words, score(key, answers, what, view));
      for (const char* place : {"smooth", "textured", "listed"})
        row(out, words + ", " + place, score(key, answers, what, view, place));
    }
  }
  std::ostringstream targets;
  const Score full = score(key, answers, kMark, kFullSize);
  const Score twice = score(key, answers, kMark, kTwice);
  const Score x264 = score(key, answers, kX264, kTwice);
  if (full.answers > 0) {
    target(targets, "told at 100%: at most 60%", number("%.0f%%", 100 * full.share()), full.share() <= 0.6);
    target(targets, "confidence at 100%: at most 0.3", number("%.2f", full.mean_confidence()),
           full.mean_confidence() <= 0.3);
  }
  if (twice.answers > 0 && x264.answers > 0) {
    const double bound = x264.mean_confidence() + 0.3;
    target(targets, "confidence at twice the size: at most that of x264 CRF 16 + 0.3, " + number("%.2f", bound),
           number("%.2f", twice.mean_confidence()), twice.mean_confidence() <= bound);
  }
  if (!targets.str().empty()) out << "\n| target of the mark | measured | |\n|---|---|---|\n" << targets.str();
  return out.str();
}

}  // namespace blind
