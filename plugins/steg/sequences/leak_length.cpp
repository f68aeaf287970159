// SPDX-License-Identifier: LGPL-2.1-or-later
#include "leak_length.hpp"

#include <cmath>
#include <limits>

#include "plugins/steg/watermark/index.hpp"
#include "score_table.hpp"

namespace steg {

double segments_needed(const Sequences& sequences, const std::vector<SegmentReading>& readings, int leakers,
                       double times) {
  double sum = 0;
  for (SegmentReading reading : readings) {
    reading.weight = tempered(reading.weight, sequences.variants());
    const VariantShares shares = sequences.shares(reading.position);
    const auto ratios = log_likelihood_ratios(reading, shares, leakers, 0);
    // By what is read, a leaker's variant is this one with its share times the ratio.
    for (std::size_t k = 0; k < index(shares.variants); ++k)
      sum += shares.of(static_cast<int>(k)) * std::exp(ratios[k]) * ratios[k];
  }
  if (!(sum > 0)) return std::numeric_limits<double>::infinity();
  return std::log(times) * static_cast<double>(readings.size()) / sum;
}

}  // namespace steg
