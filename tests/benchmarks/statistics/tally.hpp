// Measured against promised p-values.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace statistics {

class Tally {
 public:
  explicit Tally(std::string name) : name_(std::move(name)) {}

  /// The p-value of what one try would have reported first; 0 (1) if it had nothing to report.
  void add(double log10_p) { log10_p_.push_back(log10_p); }

  const std::string& name() const { return name_; }
  std::size_t tries() const { return log10_p_.size(); }
  /// Tries whose p-value is at most 10^exponent.
  std::size_t at_most(double exponent) const;
  double smallest() const;  ///< log10
  /// (promised, measured): p-values, and the share of tries that had one at most as large; both from 1 to about
  /// 3 tries in all.
  std::vector<std::pair<double, double>> quantiles() const;

 private:
  std::string name_;
  std::vector<double> log10_p_;
};

}  // namespace statistics
