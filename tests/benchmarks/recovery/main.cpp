// Measures, through the real elements, how well the ID is read after x264: a table, JSON and a plot.
//
//   recovery --clips FOLDER [--crf 23,28,33] [--kbps 300,600,1000] [--heights 360,720] [--min-height 480]
//            [--seconds 10] [--every 5] [--json FILE] [--plot FILE]
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/pbutils/pbutils.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "line_chart.hpp"
#include "measure.hpp"

namespace {

using recovery::Limits;
using recovery::Result;
using recovery::Setting;

struct Options {
  std::string clips, json, plot;
  std::vector<double> crf, kbps;
  std::vector<double> heights = {0};
  int min_height = 0;
  Limits limits;
};

std::vector<double> numbers(const std::string& text) {
  std::vector<double> out;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) out.push_back(std::stod(part));
  return out;
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    const std::string value = argv[i + 1];
    if (name == "--clips")
      options.clips = value;
    else if (name == "--crf")
      options.crf = numbers(value);
    else if (name == "--kbps")
      options.kbps = numbers(value);
    else if (name == "--heights")
      options.heights = numbers(value);
    else if (name == "--min-height")
      options.min_height = std::stoi(value);
    else if (name == "--seconds")
      options.limits.seconds = std::stod(value);
    else if (name == "--every")
      options.limits.every = std::stoi(value);
    else if (name == "--json")
      options.json = value;
    else if (name == "--plot")
      options.plot = value;
    else
      throw std::runtime_error("Unknown option " + name + ": see the head of tests/benchmarks/recovery/main.cpp.");
  }
  if (options.clips.empty()) throw std::runtime_error("Name a folder of clips with --clips.");
  if (options.crf.empty() && options.kbps.empty()) options.crf = {28};
  return options;
}

std::vector<Setting> settings(const Options& options) {
  std::vector<Setting> out;
  for (const double height : options.heights) {
    for (const double crf : options.crf) out.push_back({static_cast<int>(height), 0, static_cast<int>(crf), 0});
    for (const double kbps : options.kbps) out.push_back({static_cast<int>(height), 0, -1, static_cast<int>(kbps)});
  }
  return out;
}

struct Size {
  int width = 0;
  int height = 0;
};

/// Of the clip's picture; 0 x 0 if it cannot be told.
Size size_of(const std::string& path) {
  const gststeg::Ptr<GstDiscoverer> discoverer(gst_discoverer_new(10 * GST_SECOND, nullptr));
  const gststeg::Ptr<gchar> uri(gst_filename_to_uri(path.c_str(), nullptr));
  const gststeg::Ptr<GstDiscovererInfo> info(gst_discoverer_discover_uri(discoverer.get(), uri.get(), nullptr));
  Size size;
  if (!info) return size;
  GList* streams = gst_discoverer_info_get_video_streams(info.get());
  if (streams) {
    auto* video = GST_DISCOVERER_VIDEO_INFO(streams->data);
    size.width = static_cast<int>(gst_discoverer_video_info_get_width(video));
    size.height = static_cast<int>(gst_discoverer_video_info_get_height(video));
  }
  gst_discoverer_stream_info_list_free(streams);
  return size;
}

std::string json(const std::string& clip, const Setting& setting, const Result& r) {
  std::ostringstream out;
  out << "{\"clip\": \"" << clip << "\", \"setting\": \"" << setting.name() << "\", \"frames\": " << r.frames
      << ", \"frames_found\": " << r.frames_found << ", \"windows\": " << r.windows
      << ", \"windows_found\": " << r.windows_found << ", \"wrong\": " << r.wrong << ", \"psnr_y\": " << r.psnr
      << ", \"worst_psnr_y\": " << r.worst_psnr << ", \"mean_z\": " << r.mean_z
      << ", \"bit_accuracy\": " << r.bit_accuracy << "}";
  return out.str();
}

int run(int argc, char** argv) {
  const Options options = parse(argc, argv);
  const auto extractor = steg::load_extractor(steg::default_model_path("extractor.pt"), 1);
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(options.clips))
    if (entry.is_regular_file() && size_of(entry.path()).height >= std::max(1, options.min_height))
      paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());

  std::string rows;
  std::map<int, std::vector<std::pair<double, double>>> frame_curves;
  std::map<int, std::vector<std::pair<double, double>>> window_curves;
  for (Setting setting : settings(options)) {
    std::printf("\n%-34s %8s %8s %7s %7s %6s %6s %6s\n", setting.name().c_str(), "1 frame", "1 s", "PSNR-Y", "worst",
                "z", "bits", "wrong");
    Result sum;
    int clips = 0;
    int all_windows = 0;
    double share = 0;
    double psnr = 0;
    for (const std::string& path : paths) {
      const std::string name = std::filesystem::path(path).filename();
      if (setting.height > 0) {
        const Size size = size_of(path);
        if (size.height < setting.height) continue;  // never scaled up
        setting.width = (size.width * setting.height / size.height + 1) / 2 * 2;
      }
      const Result r = recovery::measure(path, setting, options.limits, *extractor);
      std::printf("%-34s %7.1f%% %7.1f%% %7.2f %7.2f %6.2f %6.3f %6d\n", name.c_str(), 100 * r.frame_share(),
                  100 * r.window_share(), r.psnr, r.worst_psnr, r.mean_z, r.bit_accuracy, r.wrong);
      std::fflush(stdout);
      rows += (rows.empty() ? "" : ",\n ") + json(name, setting, r);
      ++clips;
      share += r.frame_share();
      psnr += r.psnr;
      sum.windows += r.windows;
      sum.windows_found += r.windows_found;
      sum.wrong += r.wrong;
      if (r.windows_found == r.windows) ++all_windows;
    }
    if (clips == 0) continue;
    std::printf("%-34s %7.1f%% %7.1f%% %7.2f  (every window in %d of %d clips)\n", "mean over clips",
                100 * share / clips, 100 * sum.window_share(), psnr / clips, all_windows, clips);
    const double x = setting.crf >= 0 ? setting.crf : setting.kbps;
    frame_curves[setting.height].emplace_back(x, 100 * share / clips);
    window_curves[setting.height].emplace_back(x, 100 * sum.window_share());
  }
  if (!options.json.empty()) std::ofstream(options.json) << "[" << rows << "]\n";
  if (!options.plot.empty()) {
    const bool by_rate = !options.kbps.empty();
    const std::vector<double>& places = by_rate ? options.kbps : options.crf;
    const auto [low, high] = std::minmax_element(places.begin(), places.end());
    plot::LineChart chart(
        by_rate ? "ID recovered against bit rate (x264 veryfast)" : "ID recovered against CRF (x264 veryfast)",
        {by_rate ? "kbps" : "CRF", *low, *high, by_rate ? plot::Scale::log10 : plot::Scale::linear, places},
        {"% of frames or windows", 0, 100});
    const auto label = [](int height) { return height > 0 ? std::to_string(height) + "p, " : std::string(); };
    for (const auto& [height, points] : frame_curves) chart.add(label(height) + "1 frame", points);
    for (const auto& [height, points] : window_curves) chart.add(label(height) + "1 s", points, true);
    chart.write(options.plot);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "recovery: %s\n", error.what());
    return 2;
  }
}
