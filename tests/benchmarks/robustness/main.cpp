// Measures how well the mark survives what may happen to a copy, and what it costs: docs/measured/robustness.md.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/gst.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>

#include "bench.hpp"
#include "report.hpp"

namespace {

using namespace robustness;

Results results_of(const Options& options) {
  if (options.results.empty()) return measure(options);
  Results results = read_json(options.results.front());
  for (std::size_t i = 1; i < options.results.size(); ++i) results.merge(read_json(options.results[i]));
  return results;
}

bool any_wrong(const Results& results) {
  return std::any_of(results.clips.begin(), results.clips.end(), [](const ClipResult& clip) {
    return std::any_of(clip.attacks.begin(), clip.attacks.end(),
                       [](const AttackResult& result) { return result.recovery.wrong + result.tracing.wrong > 0; });
  });
}

void write_text(const std::string& text, const std::string& path) {
  std::ofstream file(path);
  file << text;
  file.close();
  if (!file) throw std::runtime_error("Cannot write " + path + ": check that its folder exists.");
}

int run(int argc, char** argv) {
  const Options options = parse_options(argc, argv);
  const Results results = results_of(options);
  const std::string tables = report(results);
  std::fputs(tables.c_str(), stdout);
  if (!options.json.empty()) write_json(results, options.json);
  if (!options.markdown.empty()) write_text(tables, options.markdown);
  if (!options.plots.empty()) write_plots(results, options.plots);
  return any_wrong(results) ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "robustness: %s\n", error.what());
    return 2;
  }
}
