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
  std::string quality;
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

/// framediff's own judgement by block-sad: a frame called fresh, rightly or not, is the next reference.
struct Judgement {
  std::string group;
  std::string quality;
  double threshold;
  int repeats = 0;
  int repeats_called_fresh = 0;
  int motions = 0;
  int motions_missed = 0;
  /// Most motions missed in a row: how far the picture can fall behind.
  int missed_in_a_row = 0;
};

struct Results {
  std::vector<Measure> measures;
  std::vector<Cost> costs;
  std::vector<Run> runs;
  std::vector<Judgement> judgements;
};

/// Markdown: one table of the measures, one of framediff's judgements by threshold, one of the scores.
void write_tables(std::ostream& out, const Results& results);

void write_json(std::ostream& out, const Results& results);

/// SVG: for each measure and group the range of the scores of repeats and of motions, as multiples of the threshold.
void write_plot(std::ostream& out, const Results& results);

/// The scores of all runs of a measure, optionally of one group or one quality.
Run pooled(const Results& results, std::size_t measure, const std::string& group = "", const std::string& quality = "");

/// framediff's threshold of a measure, or the best one for the scores at hand where it has none.
double threshold_of(const Results& results, std::size_t measure);

}  // namespace similarity
