// SPDX-License-Identifier: LGPL-2.1-or-later
#include "report.hpp"

#include <cstdio>
#include <fstream>
#include <map>
#include <stdexcept>

#include "line_chart.hpp"

namespace performance {
namespace {

double share_of(const Timing& timing, double bandwidth) { return timing.bytes / (1e-3 * timing.best) / bandwidth; }

/// Of a Timing's size such as "1080p".
double lines_of(const Timing& timing) { return std::stod(timing.size); }

void write_points(std::ofstream& file, const char* name, const std::vector<std::pair<double, double>>& points) {
  file << ",\n  \"" << name << "\": [";
  const char* separator = "";
  for (const auto& [x, y] : points) {
    file << separator << "[" << x << ", " << y << "]";
    separator = ", ";
  }
  file << "]";
}

}  // namespace

void print(const Timing& timing, const Report& report) {
  std::printf("| %s | %s | %.4f | %.4f | %.4f |", timing.what.c_str(), timing.size.c_str(), timing.best, timing.median,
              timing.best_wall);
  if (timing.pixels > 0) {
    std::printf(" %.2f |", 1e-3 * timing.best * report.clock_rate / timing.pixels);
  } else {
    std::printf(" |");
  }
  if (timing.bytes > 0) {
    std::printf(" %.0f%% |\n", 100 * share_of(timing, report.bandwidth));
  } else {
    std::printf(" |\n");
  }
}

void print(const PipelineResult& result) {
  std::printf("| %s | %.3f | %+.1f%% | %.1f | %.2f | %.0f |\n", result.what.c_str(), result.usage.per_second(),
              100 * result.extra, result.usage.stream / result.usage.wall, result.usage.start, result.usage.peak_mib);
}

void print(const CopyCost& cost) {
  std::printf("| %s | %.1f | %.2f |\n", cost.what.c_str(), cost.cpu, cost.length / cost.cpu);
}

void write_json(const Report& report, const std::string& path) {
  std::ofstream file(path);
  file << "{\n  \"memory_bandwidth\": " << report.bandwidth << ",\n  \"clock_rate\": " << report.clock_rate
       << ",\n  \"timings_ms\": [";
  const char* separator = "\n";
  for (const Timing& timing : report.timings) {
    file << separator << R"(    {"what": ")" << timing.what << R"(", "size": ")" << timing.size << R"(", "best": )"
         << timing.best << R"(, "median": )" << timing.median << R"(, "best_wall": )" << timing.best_wall
         << R"(, "bytes": )" << timing.bytes << R"(, "pixels": )" << timing.pixels << "}";
    separator = ",\n";
  }
  file << "\n  ],\n  \"pipelines\": [";
  separator = "\n";
  for (const PipelineResult& result : report.pipelines) {
    const Usage& usage = result.usage;
    file << separator << R"(    {"what": ")" << result.what << R"(", "cpu_per_second": )" << usage.per_second()
         << R"(, "extra": )" << result.extra << R"(, "speed": )" << usage.stream / usage.wall << R"(, "start_s": )"
         << usage.start << R"(, "peak_mib": )" << usage.peak_mib << "}";
    separator = ",\n";
  }
  file << "\n  ],\n  \"copies\": [";
  separator = "\n";
  for (const CopyCost& cost : report.copies) {
    file << separator << R"(    {"what": ")" << cost.what << R"(", "cpu_s": )" << cost.cpu << R"(, "length_s": )"
         << cost.length << "}";
    separator = ",\n";
  }
  file << "\n  ]";
  write_points(file, "streams", report.streams);
  write_points(file, "ids", report.ids);
  write_points(file, "rates", report.rates);
  write_points(file, "plain_rates", report.plain_rates);
  file << "\n}\n";
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path);
}

void write_charts(const Report& report, const std::string& folder) {
  std::map<std::string, std::vector<std::pair<double, double>>> lines;
  for (const Timing& timing : report.timings) {
    const bool part = timing.what == "average down" || timing.what == "add the residual";
    if (!part && timing.pixels > 0 && timing.best > 0) lines[timing.what].emplace_back(lines_of(timing), timing.best);
  }
  plot::LineChart elements("CPU time of a frame on one thread",
                           {"lines of the picture", 480, 2160, plot::Scale::linear, {480, 720, 1080, 2160}},
                           {"ms", 0.001, 100, plot::Scale::log10});
  for (auto& [what, points] : lines) {
    if (points.size() > 1) elements.add(what, points);
  }
  elements.write(folder + "/elements.svg");
  if (report.streams.empty()) return;
  plot::LineChart scale("CPU time of a stream, by how many there are",
                        {"streams, or IDs", 1, 8, plot::Scale::linear, {1, 2, 4, 8}},
                        {"CPU seconds per second of each", 0, 2});
  scale.add("streams in one process: decode, mark, x264", report.streams);
  scale.add("IDs from one decoder: mark only", report.ids);
  scale.write(folder + "/scale.svg");
  plot::LineChart rate("CPU time of a stream against its frame rate, 1080p",
                       {"frames a second", 0, 60, plot::Scale::linear, {0, 15, 30, 60}},
                       {"CPU seconds per second", 0, 2});
  rate.add("decode, mark, x264", report.rates);
  rate.add("decode, x264", report.plain_rates);
  rate.write(folder + "/rate.svg");
}

}  // namespace performance
