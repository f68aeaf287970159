// Times the watermark library on one thread: a table, and JSON with --json FILE.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <functional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "day_search.hpp"
#include "picture_grid.hpp"
#include "polar_code.hpp"
#include "reading.hpp"
#include "residual_gain.hpp"

namespace {

using namespace steg;

struct Timing {
  std::string what;
  double best_ms;
  double median_ms;
};

Timing measure(const std::string& what, const std::function<void()>& work) {
  using Clock = std::chrono::steady_clock;
  constexpr int kRuns = 61;
  std::vector<double> times;
  work();
  for (int i = 0; i < kRuns; ++i) {
    const auto start = Clock::now();
    work();
    times.push_back(1e3 * std::chrono::duration<double>(Clock::now() - start).count());
  }
  std::sort(times.begin(), times.end());
  Timing timing{what, times.front(), times[kRuns / 2]};
  std::printf("%-38s %9.3f %9.3f\n", what.c_str(), timing.best_ms, timing.median_ms);
  return timing;
}

/// Of I420 pictures: what a network of luma alone asks for, and one of all planes.
void time_grid(int width, int height, std::mt19937_64& rng, std::vector<Timing>& timings) {
  std::vector<std::uint8_t> samples(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3 / 2);
  for (std::uint8_t& sample : samples) sample = static_cast<std::uint8_t>(rng());
  std::uint8_t* chroma = samples.data() + static_cast<std::ptrdiff_t>(width) * height;
  WritablePicture picture;
  picture.shape = {width, height, width / 2, height / 2};
  picture.luma = {samples.data(), width};
  picture.cb = {chroma, width / 2};
  picture.cr = {chroma + static_cast<std::ptrdiff_t>(width / 2) * (height / 2), width / 2};
  std::normal_distribution<float> level(0, 2);
  for (const int planes : {kLumaOnly, kAllPlanes}) {
    PictureGrid grid(picture.shape, planes);
    std::vector<float> cells(grid.layout().cells());
    std::vector<float> residual(cells.size());
    for (float& value : residual) value = level(rng);
    const std::string what =
        (planes == kLumaOnly ? " luma " : " YCbCr ") + std::to_string(width) + "x" + std::to_string(height);
    timings.push_back(measure("average down" + what, [&] { grid.average_down(picture, cells.data()); }));
    timings.push_back(measure("add residual" + what, [&] { grid.add_residual(picture, residual.data(), 1); }));
    ResidualGain gain(grid.layout(), grid.pixels_per_cell());
    timings.push_back(measure("gains" + what, [&] { gain.apply(cells.data(), residual.data(), false); }));
  }
}

void time_reading(std::mt19937_64& rng, std::vector<Timing>& timings) {
  const GridSize size{384, 216};
  const Reader reader(Key::public_default(), size);
  const Chips& chips = reader.chips();
  const std::vector<float> frame = chips.frame("abc1234", size, 0);
  std::normal_distribution<float> noise;
  std::vector<float> field(frame.size());
  for (std::size_t i = 0; i < field.size(); ++i) field[i] = 0.08F * frame[i] + noise(rng);
  FieldSum sum(size);
  sum.add(field.data(), 0);
  const SoftBits z = reader.soft_bits(sum);
  const std::string grid = " 384x216";
  timings.push_back(measure("chips of a frame" + grid, [&] { chips.frame("abc1234", size, 0); }));
  timings.push_back(measure("add a field" + grid, [&] { sum.add(field.data(), 0); }));
  timings.push_back(measure("pilot of one epoch" + grid, [&] { reader.pilot(field.data(), 0); }));
  timings.push_back(measure("soft bits" + grid, [&] { reader.soft_bits(sum); }));
  timings.push_back(measure("signature of one ID" + grid, [&] { reader.signature(sum, "abc1234"); }));
  for (const int list_size : {1, 8, 32, 256, 2048}) {
    timings.push_back(
        measure("list decoding, list of " + std::to_string(list_size), [&] { polar_decode_list(z, list_size); }));
  }
  timings.push_back(measure("blind reading" + grid, [&] { reader.read(sum); }));

  const Reader of_day(Key::public_default(), size, ChipFormat::day);
  const DayClock clock;
  DaySearch search(of_day.chips(), clock);
  search.add(field, of_day.cells(0).layout, 0);
  timings.push_back(measure("epoch of the day among 8192, for each tick" + grid, [&] { search.best(); }));
  timings.push_back(measure("one expected epoch" + grid, [&] { search.excess(25304); }));
}

void write_json(const std::string& path, const std::vector<Timing>& timings) {
  std::ofstream file(path);
  file << "[";
  const char* separator = "\n";
  for (const Timing& timing : timings) {
    file << separator << "  {\"what\": \"" << timing.what << "\", \"best_ms\": " << timing.best_ms
         << ", \"median_ms\": " << timing.median_ms << "}";
    separator = ",\n";
  }
  file << "\n]\n";
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 1 && (argc != 3 || std::string(argv[1]) != "--json")) {
      throw std::invalid_argument("usage: bench-watermark [--json FILE]");
    }
    std::mt19937_64 rng(7);
    std::vector<Timing> timings;
    std::printf("%-38s %9s %9s\n", "milliseconds, one thread", "best", "median");
    for (const auto& [width, height] :
         std::vector<std::pair<int, int>>{{854, 480}, {1280, 720}, {1920, 1080}, {3840, 2160}}) {
      time_grid(width, height, rng, timings);
    }
    time_reading(rng, timings);
    if (argc == 3) write_json(argv[2], timings);
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench-watermark: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
