// The results as a table, as JSON and as a plot.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "measures.hpp"

namespace similarity {

/// What one measure gave on one scene at one quality.
struct Run {
  std::string scene;
  std::string group;
  int crf;
  std::size_t measure;
  std::vector<double> repeats;
  std::vector<double> motions;
  std::vector<double> unclear;
};

/// Milliseconds for a frame of 1080p.
struct Cost {
  /// Comparing a frame that repeats the reference.
  double repeat;
  /// Comparing a frame that does not, and making it the reference.
  double fresh;
};

struct Results {
  std::vector<Measure> measures;
  std::vector<Cost> costs;
  std::vector<Run> runs;
};

/// Markdown: one table of the measures, one of their scores by group and quality.
void write_tables(std::ostream& out, const Results& results);

void write_json(std::ostream& out, const Results& results);

/// SVG: for each measure and group the range of the scores of repeats and of motions, as multiples of the threshold.
void write_plot(std::ostream& out, const Results& results);

/// The scores of all runs of a measure, optionally of one group or one quality (0: all).
Run pooled(const Results& results, std::size_t measure, const std::string& group = "", int crf = 0);

/// framediff's threshold of a measure, or the best one for the scores at hand where it has none.
double threshold_of(const Results& results, std::size_t measure);

}  // namespace similarity
