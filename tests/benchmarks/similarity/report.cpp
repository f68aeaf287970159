// SPDX-License-Identifier: LGPL-2.1-or-later
#include "report.hpp"

#include <algorithm>
#include <iomanip>

#include "statistics.hpp"

namespace similarity {
namespace {

std::vector<std::string> qualities(const Results& results) {
  std::vector<std::string> names;
  for (const Run& run : results.runs)
    if (std::find(names.begin(), names.end(), run.quality) == names.end()) names.push_back(run.quality);
  return names;
}

std::vector<std::string> groups(const Results& results) {
  std::vector<std::string> names;
  for (const Run& run : results.runs)
    if (std::find(names.begin(), names.end(), run.group) == names.end()) names.push_back(run.group);
  return names;
}

/// "a / b / c" of three quantiles, or a dash.
void write_quantiles(std::ostream& out, const std::vector<double>& scores, double low, double middle, double high) {
  if (scores.empty())
    out << "–";
  else
    out << quantile(scores, low) << " / " << quantile(scores, middle) << " / " << quantile(scores, high);
}

void add(Judgement& sum, const Judgement& other) {
  sum.repeats += other.repeats;
  sum.repeats_called_fresh += other.repeats_called_fresh;
  sum.motions += other.motions;
  sum.motions_missed += other.motions_missed;
  sum.missed_in_a_row = std::max(sum.missed_in_a_row, other.missed_in_a_row);
}

/// The judgements of scenes of one group, quality and threshold, added up.
std::vector<Judgement> summed(const std::vector<Judgement>& judgements) {
  std::vector<Judgement> sums;
  for (const Judgement& judgement : judgements) {
    const auto same = std::find_if(sums.begin(), sums.end(), [&](const Judgement& other) {
      return other.group == judgement.group && other.quality == judgement.quality &&
             other.threshold == judgement.threshold;
    });
    if (same == sums.end())
      sums.push_back(judgement);
    else
      add(*same, judgement);
  }
  return sums;
}

void write_judgements(std::ostream& out, const Results& results) {
  out << std::setprecision(1)
      << "\n| scene | quality | threshold | repeats called fresh | motion missed | most missed in a row "
         "|\n|---|---|---|---|---|---|\n";
  const auto write_part = [&](int part, int of) {
    if (of == 0)
      out << "–";
    else
      out << 100.0 * part / of << "% of " << of;
  };
  for (const Judgement& sum : summed(results.judgements)) {
    out << "| " << sum.group << " | " << sum.quality << " | " << sum.threshold << " | ";
    write_part(sum.repeats_called_fresh, sum.repeats);
    out << " | ";
    write_part(sum.motions_missed, sum.motions);
    out << " | " << sum.missed_in_a_row << " |\n";
  }
}

void write_scores_json(std::ostream& out, const char* name, const std::vector<double>& scores) {
  out << "\"" << name << "\": {\"n\": " << scores.size();
  constexpr double kQuantiles[] = {0.0, 0.01, 0.05, 0.5, 0.95, 0.99, 1.0};
  for (const double p : kQuantiles) out << ", \"p" << p * 100 << "\": " << quantile(scores, p);
  out << "}";
}

}  // namespace

Run pooled(const Results& results, std::size_t measure, const std::string& group, const std::string& quality) {
  Run all{"", group, quality, measure, {}, {}, {}};
  for (const Run& run : results.runs) {
    if (run.measure != measure || (!group.empty() && run.group != group) ||
        (!quality.empty() && run.quality != quality))
      continue;
    all.repeats.insert(all.repeats.end(), run.repeats.begin(), run.repeats.end());
    all.motions.insert(all.motions.end(), run.motions.begin(), run.motions.end());
    all.unclear.insert(all.unclear.end(), run.unclear.begin(), run.unclear.end());
  }
  return all;
}

double threshold_of(const Results& results, std::size_t measure) {
  if (const auto& threshold = results.measures[measure].threshold) return *threshold;
  const Run all = pooled(results, measure);
  return best_threshold(all.repeats, all.motions);
}

void write_tables(std::ostream& out, const Results& results) {
  out << std::fixed << std::setprecision(3)
      << "| measure | AUC | threshold | repeats called fresh | motion missed | best threshold | ms a repeat | ms a "
         "fresh "
         "frame |\n|---|---|---|---|---|---|---|---|\n";
  for (std::size_t m = 0; m < results.measures.size(); ++m) {
    const Run all = pooled(results, m);
    const double threshold = threshold_of(results, m);
    const Errors errors = errors_at(all.repeats, all.motions, threshold);
    out << "| " << results.measures[m].name << " | " << std::setprecision(4) << area_under_roc(all.repeats, all.motions)
        << " | " << std::setprecision(3) << threshold << " | " << std::setprecision(2)
        << 100 * errors.repeats_called_fresh << "% | " << 100 * errors.motions_missed << "% | " << std::setprecision(3)
        << best_threshold(all.repeats, all.motions) << " | " << results.costs[m].repeat << " | "
        << results.costs[m].fresh << " |\n";
  }
  write_judgements(out, results);
  out << "\n| measure | scene | quality | repeats: median / 99% / largest | motion: smallest / 5% / median | neither: "
         "5% / "
         "median / "
         "95% |\n|---|---|---|---|---|---|\n";
  for (std::size_t m = 0; m < results.measures.size(); ++m) {
    for (const std::string& group : groups(results)) {
      for (const std::string& quality : qualities(results)) {
        const Run run = pooled(results, m, group, quality);
        out << "| " << results.measures[m].name << " | " << group << " | " << quality << " | ";
        write_quantiles(out, run.repeats, 0.5, 0.99, 1.0);
        out << " | ";
        write_quantiles(out, run.motions, 0.0, 0.05, 0.5);
        out << " | ";
        write_quantiles(out, run.unclear, 0.05, 0.5, 0.95);
        out << " |\n";
      }
    }
  }
}

void write_json(std::ostream& out, const Results& results) {
  out << "{\n  \"measures\": [";
  for (std::size_t m = 0; m < results.measures.size(); ++m) {
    const Run all = pooled(results, m);
    const double threshold = threshold_of(results, m);
    const Errors errors = errors_at(all.repeats, all.motions, threshold);
    out << (m == 0 ? "\n" : ",\n") << "    {\"name\": \"" << results.measures[m].name << "\", \"unit\": \""
        << results.measures[m].unit << "\", \"auc\": " << area_under_roc(all.repeats, all.motions)
        << ", \"threshold\": " << threshold << ", \"best_threshold\": " << best_threshold(all.repeats, all.motions)
        << ", \"repeats_called_fresh\": " << errors.repeats_called_fresh
        << ", \"motions_missed\": " << errors.motions_missed << ", \"ms_repeat\": " << results.costs[m].repeat
        << ", \"ms_fresh\": " << results.costs[m].fresh << "}";
  }
  out << "\n  ],\n  \"runs\": [";
  bool first = true;
  for (const Run& run : results.runs) {
    out << (first ? "\n" : ",\n") << "    {\"measure\": \"" << results.measures[run.measure].name << "\", \"scene\": \""
        << run.scene << "\", \"group\": \"" << run.group << "\", \"quality\": \"" << run.quality << "\", ";
    write_scores_json(out, "repeats", run.repeats);
    out << ", ";
    write_scores_json(out, "motions", run.motions);
    out << ", ";
    write_scores_json(out, "unclear", run.unclear);
    out << "}";
    first = false;
  }
  out << "\n  ],\n  \"judgements\": [";
  first = true;
  for (const Judgement& judgement : results.judgements) {
    out << (first ? "\n" : ",\n") << "    {\"group\": \"" << judgement.group << "\", \"quality\": \""
        << judgement.quality << "\", \"threshold\": " << judgement.threshold << ", \"repeats\": " << judgement.repeats
        << ", \"repeats_called_fresh\": " << judgement.repeats_called_fresh << ", \"motions\": " << judgement.motions
        << ", \"motions_missed\": " << judgement.motions_missed
        << ", \"missed_in_a_row\": " << judgement.missed_in_a_row << "}";
    first = false;
  }
  out << "\n  ]\n}\n";
}

}  // namespace similarity
