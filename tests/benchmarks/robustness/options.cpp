// SPDX-License-Identifier: LGPL-2.1-or-later
#include "options.hpp"

#include <gst/gst.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <sstream>
#include <thread>

#include "launcher/base/command_line.hpp"

namespace robustness {
namespace {

std::vector<Attack> parse_attacks(const std::vector<std::string>& names) {
  std::vector<Attack> attacks;
  attacks.reserve(names.size());
  for (const std::string& name : names) attacks.push_back(parse_attack(name));
  return attacks;
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> names;
  std::istringstream stream(list);
  for (std::string name; std::getline(stream, name, ',');) names.push_back(name);
  return names;
}

void choose_attacks(const std::optional<std::string>& names, bool quick, bool geometry, Options& options) {
  if (names) {
    options.attacks = parse_attacks(split(*names));
    options.still_attacks = options.attacks;
  } else if (geometry) {
    options.attacks = parse_attacks(geometry_attacks());
  } else {
    options.attacks = parse_attacks(quick ? quick_attacks() : all_attacks());
    options.still_attacks = parse_attacks(quick ? std::vector<std::string>{"crf33"} : still_attacks());
  }
}

}  // namespace

Options parse_options(int argc, char** argv) {
  Options options;
  std::string lines;
  std::optional<std::string> attacks;
  bool quick = false;
  bool geometry = false;
  options.seconds = 0;
  options.rate = 0;
  options.look_at = -1;
  options.jobs = 0;
  options.tracer = "steg-trace";
  options.work = std::filesystem::temp_directory_path().string();

  const std::string parts = "Attacks are parts joined by \"+\". Parts:\n" + describe_parts();
  launcher::CommandLine line("– how well the mark survives, and what it costs in fidelity",
                             "Measures the clips of a folder, or reports on the results of earlier runs.",
                             parts.c_str());
  line.path('c', "clips", options.clips, "Folder of video files", "FOLDER");
  line.path('s', "stills", options.stills, "Folder of pictures, each shown as a still", "FOLDER");
  line.text('l', "lines", lines, "Scale clips down to so many lines before they are marked, such as 360,720", "LIST");
  line.text(0, "match", options.match, "Only files whose names contain TEXT", "TEXT");
  line.text('a', "attacks", attacks, "Attacks by name, such as crf28,720p+crf28; \"\" for none", "LIST");
  line.flag('q', "quick", quick, "Few attacks, 4 s a clip, 3 frames a second");
  line.flag('g', "geometry", geometry, "The attacks that move the picture, and single stills, read by steg-trace");
  line.number(0, "seconds", options.seconds, "Length of each clip at most; default 10", "S");
  line.number('r', "rate", options.rate, "Frames read a second; default 10", "N");
  line.number(0, "residual-interval", options.residual_interval, "stegencode's residual-interval; default 1", "N");
  line.number(0, "strength", options.strength, "stegencode's strength; default 1", "X");
  line.number(
      0, "look-at", options.look_at,
      "Key frames of each clip, and as many between, for Butteraugli; default 2, 1 with --quick, 0 with --geometry",
      "N");
  line.path(0, "encoder", options.encoder, "Encoder network; default: the shipped one", "FILE");
  line.path(0, "extractor", options.extractor, "Extractor network", "FILE");
  line.path('t', "tracer", options.tracer, "Reads copies whose picture was moved; default: steg-trace on PATH",
            "PROGRAM");
  line.number('j', "jobs", options.jobs, "Clips at a time; default: one per CPU", "N");
  line.path('w', "work", options.work, "Folder for copies, 0.8 GB a job; default: the temporary one", "FOLDER");
  line.flag('k', "keep", options.keep, "Leave the copies there");
  line.path(0, "json", options.json, "Write the results as JSON, clip by clip", "FILE");
  line.path('m', "markdown", options.markdown, "Write the tables", "FILE");
  line.path('p', "plots", options.plots, "Write plots as SVG", "FOLDER");
  line.path('f', "frames", options.frames, "Write what each single frame gave, as CSV", "FILE");
  line.rest_paths(options.results, "[RESULTS.json…]");
  line.group(gst_init_get_option_group());
  line.parse(argc, argv);

  if (!lines.empty()) {
    options.lines.clear();
    for (const std::string& number : split(lines)) options.lines.push_back(std::max(0, std::atoi(number.c_str())));
  }
  if (options.clips.empty() && options.stills.empty() && options.results.empty())
    throw launcher::UsageError("Name a folder of clips with --clips, or results of an earlier run. See --help.");
  choose_attacks(attacks, quick, geometry, options);
  if (options.seconds <= 0) options.seconds = quick ? 4 : 10;
  if (options.rate <= 0) options.rate = quick ? 3 : 10;
  if (options.look_at < 0) options.look_at = geometry ? 0 : quick ? 1 : 2;
  if (options.jobs <= 0) options.jobs = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return options;
}

}  // namespace robustness
