// Table, JSON and charts.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "pipelines.hpp"
#include "stopwatch.hpp"

namespace performance {

struct PipelineResult {
  std::string what;
  Usage usage;       ///< of the run with the median CPU time
  double extra = 0;  ///< median over the rounds of CPU time / that of the plain pipeline in the same round, minus 1
};

struct Report {
  double bandwidth = 0;  ///< bytes/s
  std::vector<Timing> timings;
  std::vector<PipelineResult> pipelines;
  std::vector<std::pair<double, double>> streams;  ///< number, CPU s per stream s of each
  std::vector<std::pair<double, double>> ids;
};

void print(const Timing& timing, double bandwidth);
void print(const PipelineResult& result);
void write_json(const Report& report, const std::string& path);
/// elements.svg: cost of elements against resolution; scale.svg: cost against streams and IDs.
void write_charts(const Report& report, const std::string& folder);

}  // namespace performance
