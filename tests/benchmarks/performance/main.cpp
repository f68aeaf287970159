// What the mark costs: each element alone beside x264 and videobalance, its parts beside the memory's bandwidth, whole
// pipelines with and without it, and the reading of copies. A table, performance.json, elements.svg, scale.svg and
// rate.svg. SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/gst.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "../work_folder.hpp"
#include "copies.hpp"
#include "elements.hpp"
#include "launcher/base/command_line.hpp"
#include "parts.hpp"
#include "peers.hpp"
#include "pipelines.hpp"
#include "plugins/common/gststegmeta.h"
#include "report.hpp"

namespace {

using namespace performance;

const std::vector<Size> kSizes = {{854, 480}, {1280, 720}, {1920, 1080}, {3840, 2160}};
const Size kFullHd = {1920, 1080};

struct Options {
  std::string clip;
  std::string out = ".";
  int frames = 60;
  int rounds = 5;
  int recipients = 8;
};

Options parse(int argc, char** argv) {
  Options options;
  launcher::CommandLine line(nullptr, nullptr, nullptr);
  line.path(0, "clip", options.clip, "what pipelines mark; required", "FILE");
  line.path(0, "out", options.out, "where results and charts go; default: here", "FOLDER");
  line.number(0, "frames", options.frames, "timed for each element and size, 10 or more; default 60", "N");
  line.number(0, "rounds", options.rounds,
              "of each pipeline; default 5; 0: no pipelines and no reading of copies; -1: nothing but --recipients",
              "N");
  line.number(0, "recipients", options.recipients, "of one picture; default 8", "N");
  line.parse(argc, argv);
  if (options.clip.empty()) throw launcher::UsageError("Name a clip with --clip.");
  if (options.frames < 10) throw launcher::UsageError("--frames must be 10 or more");
  return options;
}

void take(Report& report, const std::vector<Timing>& timings) {
  for (const Timing& timing : timings) {
    print(timing, report);
    std::fflush(stdout);
    report.timings.push_back(timing);
  }
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void time_alone(const Options& options, Report& report) {
  std::printf("memory: %.1f GB/s copied by one thread (bytes read and written); clock: %.2f GHz\n\n",
              1e-9 * report.bandwidth, 1e-9 * report.clock_rate);
  std::printf(
      "| one thread | | best ms | median ms | best wall ms | cycles a pixel | of the bandwidth "
      "|\n|---|---|---|---|---|---|---|\n");
  take(report, time_models(options.frames));
  take(report, time_recipients(options.clip, kFullHd, options.recipients, options.frames));
  if (options.rounds < 0) return;
  for (const Size& size : kSizes) {
    take(report, time_grid(options.clip, size, options.frames));
    take(report, time_elements(options.clip, size, options.frames));
  }
  for (const Size& size : kSizes) take(report, time_two_threads(options.clip, size, options.frames));
  for (const double share : {0.0, 0.5, 0.99}) take(report, {time_duplicates(options.clip, kFullHd, share, 100)});
  take(report, time_id_change(options.clip, kFullHd, options.frames));
  const std::vector<Timing> peers = time_peers(kFullHd);
  if (peers.empty()) std::printf("%s\n", kNoPeers);
  take(report, peers);
}

/// The plain pipeline and the others in turn.
void time_pipelines(const Options& options, const std::string& program, Report& report) {
  const WorkFolder folder;
  const std::string steg = "framediff ! stegencode id=bench ! auditlog stream=s@ database=" +
                           quoted("sqlite:" + (folder.path() / "audit.db").string()) + " ! ";
  std::string every_second = steg;
  every_second.replace(every_second.find("id=bench"), 8, "id=bench residual-interval=2");
  const std::vector<std::pair<std::string, std::string>> variants = {{"plain", ""},
                                                                     {"videobalance", "videobalance brightness=0.1 ! "},
                                                                     {"framediff", "framediff ! "},
                                                                     {"stegencode", "stegencode id=bench ! "},
                                                                     {"framediff, stegencode, auditlog", steg},
                                                                     {"the same, residual-interval=2", every_second}};
  std::vector<std::vector<Usage>> usages(variants.size());
  for (int round = 0; round < options.rounds; ++round) {
    for (std::size_t i = 0; i < variants.size(); ++i)
      usages[i].push_back(run_pipeline(program, transcoding(options.clip, variants[i].second)));
  }
  std::printf(
      "\n| pipeline | CPU s per stream s | more than plain | speed | first frame s | peak MiB "
      "|\n|---|---|---|---|---|---|\n");
  for (std::size_t i = 0; i < variants.size(); ++i) {
    std::vector<double> ratios;
    for (std::size_t round = 0; round < usages[i].size(); ++round)
      ratios.push_back(usages[i][round].cpu / usages[0][round].cpu);
    std::vector<Usage> sorted = usages[i];
    std::sort(sorted.begin(), sorted.end(), [](const Usage& a, const Usage& b) { return a.cpu < b.cpu; });
    PipelineResult result{variants[i].first, sorted[sorted.size() / 2], median(ratios) - 1};
    print(result);
    report.pipelines.push_back(result);
  }
  for (const int number : {1, 2, 4, 8}) {
    const Usage streams = run_pipeline(program, transcoding(options.clip, steg, number));
    report.streams.emplace_back(number, streams.per_second());
    const Usage ids = run_pipeline(program, fan_out(options.clip, number));
    report.ids.emplace_back(number, ids.per_second());
    std::printf("%d streams: %.3f CPU s per s of each, %.0f MiB; %d IDs: %.3f, %.0f MiB\n", number,
                streams.per_second(), streams.peak_mib, number, ids.per_second(), ids.peak_mib);
    std::fflush(stdout);
  }
  for (const int rate : {15, 30, 60}) {
    std::vector<double> marked;
    std::vector<double> plain;
    const std::string frames = "videorate ! video/x-raw,framerate=" + std::to_string(rate) + "/1 ! ";
    for (int round = 0; round < options.rounds; ++round) {
      marked.push_back(run_pipeline(program, transcoding(options.clip, frames + steg)).per_second());
      plain.push_back(run_pipeline(program, transcoding(options.clip, frames)).per_second());
    }
    report.rates.emplace_back(rate, median(marked));
    report.plain_rates.emplace_back(rate, median(plain));
    std::printf("%d frames a second: %.3f CPU s per s, %.3f without a mark\n", rate, median(marked), median(plain));
    std::fflush(stdout);
  }
}

void time_reading(const Options& options, Report& report) {
  report.copies = time_copies(STEG_TRACE, options.clip);
  std::printf("\n| steg-trace, one thread | CPU s | times real time |\n|---|---|---|\n");
  for (const CopyCost& cost : report.copies) print(cost);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    gst_init(nullptr, nullptr);
    gst_steg_metas_register();
    const Options options = parse(argc, argv);
    Report report;
    report.bandwidth = memory_bandwidth();
    report.clock_rate = clock_rate();
    time_alone(options, report);
    if (options.rounds > 0) {
      time_pipelines(options, BENCH_PLAY, report);
      time_reading(options, report);
    }
    write_json(report, options.out + "/performance.json");
    write_charts(report, options.out);
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench-performance: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
