// Measures how well distances between frames tell repeats from motion, through a real codec, and what they cost.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/gst.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "frame_difference.hpp"
#include "report.hpp"
#include "scenes.hpp"
#include "statistics.hpp"

namespace {

using namespace similarity;
using framediff::BlockGrid;
using framediff::Distance;
using framediff::LumaPlane;

constexpr const char* kUsage =
    "usage: bench-similarity [--clips FOLDER] [--out FOLDER] [--quick]\n"
    "Without --clips only drawn scenes are measured. Writes similarity.md, similarity.json and similarity.svg into "
    "the\n"
    "out folder (default: the current one). --quick: small and few scenes; fails if block-sad makes a mistake on "
    "them.\n";

struct Options {
  std::filesystem::path clips;
  std::filesystem::path out = ".";
  bool quick = false;
};

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--quick")
      options.quick = true;
    else if (argument == "--clips" && i + 1 < argc)
      options.clips = argv[++i];
    else if (argument == "--out" && i + 1 < argc)
      options.out = argv[++i];
    else
      throw std::invalid_argument("unknown argument " + argument + "\n" + kUsage);
  }
  return options;
}

/// framediff's judgement at several thresholds, each with its own references.
class Judges {
 public:
  explicit Judges(const Scene& scene, const Quality& quality) {
    constexpr double kThresholds[] = {4.0, 6.0, 8.0, 10.0, 12.0};
    for (const double threshold : kThresholds) {
      differences_.emplace_back(framediff::Method::block_sad);
      judgements_.push_back({scene.group, quality.name, threshold});
      in_a_row_.push_back(0);
    }
  }

  void examine(int i, const LumaPlane& plane, Truth truth) {
    for (std::size_t t = 0; t < differences_.size(); ++t) {
      Judgement& judgement = judgements_[t];
      const bool duplicate =
          differences_[t]
              .examine(plane, {static_cast<std::uint64_t>(i), 1}, {judgement.threshold, framediff::Settings::kNoLimit})
              .duplicate;
      if (!duplicate) in_a_row_[t] = 0;
      if (i == 0 || truth == Truth::unclear) continue;
      if (truth == Truth::repeat) {
        ++judgement.repeats;
        judgement.repeats_called_fresh += duplicate ? 0 : 1;
      } else {
        ++judgement.motions;
        judgement.motions_missed += duplicate ? 1 : 0;
        if (duplicate) judgement.missed_in_a_row = std::max(judgement.missed_in_a_row, ++in_a_row_[t]);
      }
    }
  }

  const std::vector<Judgement>& judgements() const { return judgements_; }

 private:
  std::vector<framediff::FrameDifference> differences_;
  std::vector<Judgement> judgements_;
  std::vector<int> in_a_row_;
};

/// Scores a scene by every measure. The reference is the last frame that is known to show something else.
void measure_scene(const Scene& scene, const Quality& quality, Results& results) {
  const std::size_t first = results.runs.size();
  std::vector<std::unique_ptr<Distance>> distances;
  for (std::size_t m = 0; m < results.measures.size(); ++m) {
    distances.push_back(results.measures[m].make());
    results.runs.push_back({scene.name, scene.group, quality.name, m, {}, {}, {}});
  }
  Judges judges(scene, quality);
  const BlockGrid grid(scene.width, scene.height);
  through_x264(scene.width, scene.height, scene.frames, quality, scene.frame, [&](int i, const LumaPlane& plane) {
    const Truth truth = scene.truth[static_cast<std::size_t>(i)];
    judges.examine(i, plane, truth);
    // A clip's next picture is the new reference even where the change is too small to count.
    const bool next = i == 0 || truth != Truth::repeat;
    for (std::size_t m = 0; m < distances.size(); ++m) {
      Run& run = results.runs[first + m];
      if (i > 0) {
        const double score = distances[m]->to(plane);
        (truth == Truth::repeat ? run.repeats : truth == Truth::motion ? run.motions : run.unclear).push_back(score);
      }
      if (next) distances[m]->set_reference(plane, grid);
    }
  });
  results.judgements.insert(results.judgements.end(), judges.judgements().begin(), judges.judgements().end());
}

template <class Work>
double milliseconds(int frames, Work&& work) {
  std::vector<double> times;
  for (int i = 0; i < frames; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    work(static_cast<std::size_t>(i));
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
  }
  return quantile(times, 0.5);
}

/// Medians over many frames of 1080p that together exceed the caches.
Cost measure_cost(const Measure& measure) {
  constexpr std::size_t kPictures = 24;
  std::vector<pictures::Picture> still(kPictures, pictures::slide(1920, 1080));
  std::vector<pictures::Picture> moving;
  for (std::size_t i = 0; i < kPictures; ++i) moving.push_back(pictures::photo(1920, 1080, static_cast<unsigned>(i)));
  const BlockGrid grid(1920, 1080);
  const auto distance = measure.make();
  distance->set_reference(still[0].plane(), grid);
  Cost cost{};
  double sum = 0.0;
  cost.repeat = milliseconds(240, [&](std::size_t i) { sum += distance->to(still[i % kPictures].plane()); });
  cost.fresh = milliseconds(240, [&](std::size_t i) {
    const LumaPlane plane = moving[i % kPictures].plane();
    sum += distance->to(plane);
    distance->set_reference(plane, grid);
  });
  // Keeps the compiler from leaving the work out.
  if (sum < 0.0) throw std::logic_error("a distance is negative");
  return cost;
}

template <class Write>
void write_file(const std::filesystem::path& path, Write&& write) {
  std::ofstream file(path);
  write(file);
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path.string());
}

int run(const Options& options) {
  Results results;
  results.measures = all_measures();
  for (const Measure& measure : results.measures) results.costs.push_back(measure_cost(measure));
  std::vector<Quality> qualities{{"CRF 28", 28, 0}};
  if (!options.quick) qualities = {{"CRF 23", 23, 0}, {"CRF 33", 33, 0}, {"2500 kbit/s", 0, 2500}};
  std::vector<Scene> scenes = drawn_scenes(options.quick ? 720 : 1080, 45);
  if (!options.clips.empty()) {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::directory_iterator(options.clips)) paths.push_back(entry.path().string());
    std::sort(paths.begin(), paths.end());
    for (const std::string& path : paths) scenes.push_back(clip_scene(path, options.quick ? 10 : 12));
  }
  for (const Scene& scene : scenes) {
    for (const Quality& quality : qualities) measure_scene(scene, quality, results);
    std::cerr << scene.name << "\n";
  }
  write_tables(std::cout, results);
  write_file(options.out / "similarity.md", [&](std::ostream& out) { write_tables(out, results); });
  write_file(options.out / "similarity.json", [&](std::ostream& out) { write_json(out, results); });
  write_file(options.out / "similarity.svg", [&](std::ostream& out) { write_plot(out, results); });
  if (!options.quick) return EXIT_SUCCESS;
  const Run block_sad = pooled(results, 0);
  const Errors errors = errors_at(block_sad.repeats, block_sad.motions, threshold_of(results, 0));
  return errors.repeats_called_fresh == 0.0 && errors.motions_missed == 0.0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    gst_init(&argc, &argv);
    return run(parse(argc, argv));
  } catch (const std::exception& error) {
    std::cerr << "bench-similarity: " << error.what() << "\n";
    return EXIT_FAILURE;
  }
}
