// Measures the block error rate of the polar code, prints tables and JSON, and draws docs/images/polar-code.svg.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "bounds.hpp"
#include "designs.hpp"
#include "error_rate.hpp"
#include "launcher/base/command_line.hpp"
#include "line_chart.hpp"

namespace {

using namespace steg;
using namespace steg::bench;

constexpr int kPayload = 56;
constexpr std::uint64_t kSeed = 2026;
constexpr double kComparedAt = 0.70;  ///< mean z at which the orders are compared: a list of 32 loses 1 in 50

struct Options {
  double effort = 1;
  std::string json;
  std::string svg;
};

struct Point {
  double mean_z;
  int list_size;
  ErrorRate rate;
};

struct Design {
  std::string name;
  ErrorRate rate;
};

Effort effort(const Options& options, long blocks) {
  return {static_cast<int>(100 * options.effort), static_cast<long>(static_cast<double>(blocks) * options.effort)};
}

std::vector<Design> compare_designs(const Options& options) {
  std::vector<std::pair<std::string, InformationMask>> masks = {
      {"5G NR (shipped)", best_of(polar_reliability_order(), kPayload)},
      {"polarization weights", best_of(polarization_weight_order(), kPayload)},
      {"Gaussian approximation, z 0.6", best_of(gaussian_approximation_order(0.6), kPayload)},
      {"Gaussian approximation, z 0.7", best_of(gaussian_approximation_order(0.7), kPayload)},
      {"Gaussian approximation, z 1.0", best_of(gaussian_approximation_order(1.0), kPayload)},
      {"5G NR, rows of weight 32 or more", best_of_rows(polar_reliability_order(), kPayload, 32)},
  };
  std::printf("Orders of reliability, list of 32, mean z %.2f\n%-34s %8s %10s %10s\n", kComparedAt, "", "blocks",
              "list", "first");
  std::vector<Design> designs;
  for (const auto& [name, mask] : masks) {
    // The same noise for all, and no early stop: differences are smaller than what different noise makes.
    const Effort same = {1 << 30, effort(options, 30000).max_blocks};
    designs.push_back({name, measure(mask, 32, kComparedAt, same, kSeed)});
    const ErrorRate& rate = designs.back().rate;
    std::printf("%-34s %8ld %10.5f %10.5f\n", name.c_str(), rate.blocks, rate.of_list(), rate.of_first());
    std::fflush(stdout);
  }
  return designs;
}

std::vector<Point> sweep(const Options& options) {
  struct Curve {
    int list_size;
    long blocks;
    std::vector<double> mean_z;
  };
  const std::vector<Curve> curves = {
      {1, 40000, {0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95}},
      {8, 40000, {0.6, 0.65, 0.7, 0.75, 0.8, 0.85}},
      {32, 40000, {0.55, 0.6, 0.65, 0.7, 0.75, 0.8}},
      {256, 6000, {0.5, 0.55, 0.6, 0.65, 0.7, 0.75}},
      {2048, 500, {0.5, 0.55, 0.6, 0.65}},
  };
  const InformationMask mask = best_of(polar_reliability_order(), kPayload);
  std::printf("\n%5s %6s %9s %8s %10s %10s %12s %12s\n", "list", "z", "Eb/N0 dB", "blocks", "list", "first", "bound",
              "us a block");
  std::vector<Point> points;
  for (const Curve& curve : curves) {
    for (const double mean_z : curve.mean_z) {
      const ErrorRate rate = measure(mask, curve.list_size, mean_z, effort(options, curve.blocks), kSeed);
      points.push_back({mean_z, curve.list_size, rate});
      std::printf("%5d %6.2f %9.2f %8ld %10.5f %10.5f %12.3g %12.0f\n", curve.list_size, mean_z,
                  eb_over_n0(mean_z, kPayload), rate.blocks, rate.of_list(), rate.of_first(),
                  normal_approximation(mean_z, kCodeBits, kPayload),
                  1e6 * rate.decode_seconds / static_cast<double>(rate.blocks));
      std::fflush(stdout);
    }
  }
  return points;
}

std::string json_of(const ErrorRate& rate) {
  std::ostringstream text;
  text << "\"blocks\": " << rate.blocks << ", \"bler_list\": " << rate.of_list()
       << ", \"bler_first\": " << rate.of_first()
       << ", \"decode_us\": " << 1e6 * rate.decode_seconds / static_cast<double>(rate.blocks);
  return text.str();
}

void write_json(const std::string& path, const std::vector<Design>& designs, const std::vector<Point>& points) {
  std::ofstream file(path);
  file << "{\n  \"code\": [256, 56],\n  \"designs\": [";
  const char* separator = "\n";
  for (const Design& design : designs) {
    file << separator << "    {\"name\": \"" << design.name << "\", \"mean_z\": " << kComparedAt << ", "
         << json_of(design.rate) << "}";
    separator = ",\n";
  }
  file << "\n  ],\n  \"points\": [";
  separator = "\n";
  for (const Point& point : points) {
    file << separator << "    {\"list_size\": " << point.list_size << ", \"mean_z\": " << point.mean_z
         << ", \"eb_n0_db\": " << eb_over_n0(point.mean_z, kPayload) << ", " << json_of(point.rate)
         << ", \"normal_approximation\": " << normal_approximation(point.mean_z, kCodeBits, kPayload) << "}";
    separator = ",\n";
  }
  file << "\n  ]\n}\n";
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path);
}

void draw(const std::string& path, const std::vector<Point>& points) {
  plot::LineChart chart("Polar code (256, 56): block error rate over the Gaussian channel",
                        {"Eb/N0 (dB)", -2.5, 3.5, plot::Scale::linear, {-2, -1, 0, 1, 2, 3}},
                        {"block error rate", 1e-4, 1, plot::Scale::log10});
  for (const int list_size : {1, 8, 32, 256, 2048}) {
    std::vector<std::pair<double, double>> curve;
    for (const Point& point : points) {
      if (point.list_size == list_size && point.rate.lost >= 5) {
        curve.emplace_back(eb_over_n0(point.mean_z, kPayload), point.rate.of_list());
      }
    }
    chart.add("payload in a list of " + std::to_string(list_size), curve);
  }
  std::vector<std::pair<double, double>> first;
  for (const Point& point : points) {
    if (point.list_size == 32) first.emplace_back(eb_over_n0(point.mean_z, kPayload), point.rate.of_first());
  }
  chart.add("first of a list of 32", first);
  // A decoder that may return a list of 256 need not know the last 8 of the 56 bits.
  for (const auto& [name, payload] : {std::pair{"normal approximation", 56}, std::pair{"same, list of 256", 48}}) {
    std::vector<std::pair<double, double>> bound;
    for (double mean_z = 0.5; mean_z < 0.97; mean_z += 0.01) {
      const double rate = normal_approximation(mean_z, kCodeBits, payload);
      if (rate >= 1e-4) bound.emplace_back(eb_over_n0(mean_z, kPayload), rate);
    }
    chart.add(name, bound, true);
  }
  chart.write(path);
}

Options parse(int argc, char** argv) {
  Options options;
  launcher::CommandLine line(nullptr, nullptr, nullptr);
  line.number(0, "effort", options.effort, "factor on the blocks that are decoded; default 1", "FACTOR");
  line.path(0, "json", options.json, "write the results", "FILE");
  line.path(0, "svg", options.svg, "draw them", "FILE");
  line.parse(argc, argv);
  if (!(options.effort > 0)) throw launcher::UsageError("--effort must be over 0");
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Options options = parse(argc, argv);
    const std::vector<Design> designs = compare_designs(options);
    const std::vector<Point> points = sweep(options);
    if (!options.json.empty()) write_json(options.json, designs, points);
    if (!options.svg.empty()) draw(options.svg, points);
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench-polar: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
