// Separation of two sets of scores.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

namespace similarity {

/// The value below which part `p` (0 to 1) of the values lies; they need not be sorted. 0 if there are none.
double quantile(std::vector<double> values, double p);

/// Area under the ROC curve: the probability that a motion scores higher than a repeat, ties counting half.
double area_under_roc(std::vector<double> repeats, std::vector<double> motions);

struct Errors {
  /// Part of the repeats above the threshold, and of the motions at or below it.
  double repeats_called_fresh;
  double motions_missed;
};

Errors errors_at(const std::vector<double>& repeats, const std::vector<double>& motions, double threshold);

/// The threshold with the smallest sum of both errors.
double best_threshold(std::vector<double> repeats, std::vector<double> motions);

}  // namespace similarity
