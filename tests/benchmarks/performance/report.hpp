// Table, JSON and charts.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "copies.hpp"
#include "pipelines.hpp"
#include "stopwatch.hpp"

namespace performance {

struct PipelineResult {
  std::string what;
  Usage usage;       ///< of the run with the median CPU time
  double extra = 0;  ///< median over the rounds of CPU time / that of the plain pipeline in the same round, minus 1
};

struct Report {
  double bandwidth = 0;   ///< bytes/s
  double clock_rate = 0;  ///< cycles/s
  std::vector<Timing> timings;
  std::vector<PipelineResult> pipelines;
  std::vector<std::pair<double, double>> streams;  ///< number, CPU s per stream s of each
  std::vector<std::pair<double, double>> ids;
  std::vector<std::pair<double, double>> rates;        ///< frames/s, CPU s per stream s
  std::vector<std::pair<double, double>> plain_rates;  ///< the same without a mark
  std::vector<CopyCost> copies;
};

void print(const Timing& timing, const Report& report);
void print(const PipelineResult& result);
void print(const CopyCost& cost);
void write_json(const Report& report, const std::string& path);
/// elements.svg: cost of elements against resolution; scale.svg: cost against streams and IDs; rate.svg: against
/// frames a second.
void write_charts(const Report& report, const std::string& folder);

}  // namespace performance
