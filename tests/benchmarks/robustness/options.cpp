// SPDX-License-Identifier: LGPL-2.1-or-later
#include "options.hpp"

#include <gst/gst.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "plugins/common/gst_ptr.hpp"

namespace robustness {
namespace {

/// What GOption fills in.
struct Raw {
  gchar* clips = nullptr;
  gchar* stills = nullptr;
  gchar* lines = nullptr;
  gchar* match = nullptr;
  gchar* attacks = nullptr;
  gchar* encoder = nullptr;
  gchar* extractor = nullptr;
  gchar* tracer = nullptr;
  gchar* work = nullptr;
  gchar* json = nullptr;
  gchar* markdown = nullptr;
  gchar* plots = nullptr;
  gchar* frames = nullptr;
  gchar** results = nullptr;
  gboolean quick = FALSE;
  gboolean geometry = FALSE;
  gboolean keep = FALSE;
  gdouble seconds = 0;
  gdouble rate = 0;
  gdouble strength = 1;
  gint residual_interval = 1;
  gint look_at = -1;
  gint jobs = 0;

  ~Raw() {
    for (gchar* text :
         {clips, stills, lines, match, attacks, encoder, extractor, tracer, work, json, markdown, plots, frames})
      g_free(text);
    g_strfreev(results);
  }
};

std::string text(const gchar* value) { return value ? value : ""; }

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

void choose_attacks(const Raw& raw, Options& options) {
  if (raw.attacks) {
    options.attacks = parse_attacks(split(raw.attacks));
    options.still_attacks = options.attacks;
  } else if (raw.geometry) {
    options.attacks = parse_attacks(geometry_attacks());
  } else {
    options.attacks = parse_attacks(raw.quick ? quick_attacks() : all_attacks());
    options.still_attacks = parse_attacks(raw.quick ? std::vector<std::string>{"crf33"} : still_attacks());
  }
}

struct FreeContext {
  void operator()(GOptionContext* context) const { g_option_context_free(context); }
};

}  // namespace

Options parse_options(int argc, char** argv) {
  Raw raw;
  const GOptionEntry entries[] = {
      {"clips", 'c', 0, G_OPTION_ARG_FILENAME, &raw.clips, "Folder of video files", "FOLDER"},
      {"stills", 's', 0, G_OPTION_ARG_FILENAME, &raw.stills, "Folder of pictures, each shown as a still", "FOLDER"},
      {"lines", 'l', 0, G_OPTION_ARG_STRING, &raw.lines,
       "Scale clips down to so many lines before they are marked, such as 360,720", "LIST"},
      {"match", 0, 0, G_OPTION_ARG_STRING, &raw.match, "Only files whose names contain TEXT", "TEXT"},
      {"attacks", 'a', 0, G_OPTION_ARG_STRING, &raw.attacks, "Attacks by name, such as crf28,720p+crf28; \"\" for none",
       "LIST"},
      {"quick", 'q', 0, G_OPTION_ARG_NONE, &raw.quick, "Few attacks, 4 s a clip, 3 frames a second", nullptr},
      {"geometry", 'g', 0, G_OPTION_ARG_NONE, &raw.geometry,
       "The attacks that move the picture, and single stills, read by steg-trace", nullptr},
      {"seconds", 0, 0, G_OPTION_ARG_DOUBLE, &raw.seconds, "Length of each clip at most; default 10", "S"},
      {"rate", 'r', 0, G_OPTION_ARG_DOUBLE, &raw.rate, "Frames read a second; default 10", "N"},
      {"residual-interval", 0, 0, G_OPTION_ARG_INT, &raw.residual_interval, "stegencode's residual-interval; default 1",
       "N"},
      {"strength", 0, 0, G_OPTION_ARG_DOUBLE, &raw.strength, "stegencode's strength; default 1", "X"},
      {"look-at", 0, 0, G_OPTION_ARG_INT, &raw.look_at,
       "Key frames of each clip, and as many between, for Butteraugli; default 2, 1 with --quick, 0 with --geometry",
       "N"},
      {"encoder", 0, 0, G_OPTION_ARG_FILENAME, &raw.encoder, "Encoder network; default: the shipped one", "FILE"},
      {"extractor", 0, 0, G_OPTION_ARG_FILENAME, &raw.extractor, "Extractor network", "FILE"},
      {"tracer", 't', 0, G_OPTION_ARG_FILENAME, &raw.tracer,
       "Reads copies whose picture was moved; default: steg-trace on PATH", "PROGRAM"},
      {"jobs", 'j', 0, G_OPTION_ARG_INT, &raw.jobs, "Clips at a time; default: one per CPU", "N"},
      {"work", 'w', 0, G_OPTION_ARG_FILENAME, &raw.work, "Folder for copies, 0.8 GB a job; default: the temporary one",
       "FOLDER"},
      {"keep", 'k', 0, G_OPTION_ARG_NONE, &raw.keep, "Leave the copies there", nullptr},
      {"json", 0, 0, G_OPTION_ARG_FILENAME, &raw.json, "Write the results as JSON, clip by clip", "FILE"},
      {"markdown", 'm', 0, G_OPTION_ARG_FILENAME, &raw.markdown, "Write the tables", "FILE"},
      {"plots", 'p', 0, G_OPTION_ARG_FILENAME, &raw.plots, "Write plots as SVG", "FOLDER"},
      {"frames", 'f', 0, G_OPTION_ARG_FILENAME, &raw.frames, "Write what each single frame gave, as CSV", "FILE"},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &raw.results, nullptr, nullptr},
      {nullptr, 0, 0, G_OPTION_ARG_NONE, nullptr, nullptr, nullptr}};
  const std::unique_ptr<GOptionContext, FreeContext> context(
      g_option_context_new("[RESULTS.json…] – how well the mark survives, and what it costs in fidelity"));
  g_option_context_set_summary(context.get(),
                               "Measures the clips of a folder, or reports on the results of earlier runs.");
  const std::string description = "Attacks are parts joined by \"+\". Parts:\n" + describe_parts();
  g_option_context_set_description(context.get(), description.c_str());
  g_option_context_add_main_entries(context.get(), entries, nullptr);
  g_option_context_add_group(context.get(), gst_init_get_option_group());
  GError* raw_error = nullptr;
  g_option_context_parse(context.get(), &argc, &argv, &raw_error);
  const gststeg::Ptr<GError> error(raw_error);
  if (error) throw std::invalid_argument(error->message);

  Options options;
  options.clips = text(raw.clips);
  options.stills = text(raw.stills);
  if (raw.lines) {
    options.lines.clear();
    for (const std::string& lines : split(raw.lines)) options.lines.push_back(std::max(0, std::atoi(lines.c_str())));
  }
  options.match = text(raw.match);
  options.keep = raw.keep;
  options.encoder = text(raw.encoder);
  options.extractor = text(raw.extractor);
  options.tracer = raw.tracer ? raw.tracer : "steg-trace";
  options.work = raw.work ? raw.work : std::filesystem::temp_directory_path().string();
  options.json = text(raw.json);
  options.markdown = text(raw.markdown);
  options.plots = text(raw.plots);
  options.frames = text(raw.frames);
  for (gchar** file = raw.results; file && *file; ++file) options.results.emplace_back(*file);
  if (options.clips.empty() && options.stills.empty() && options.results.empty())
    throw std::invalid_argument("Name a folder of clips with --clips, or results of an earlier run. See --help.");
  choose_attacks(raw, options);
  options.seconds = raw.seconds > 0 ? raw.seconds : raw.quick ? 4 : 10;
  options.rate = raw.rate > 0 ? raw.rate : raw.quick ? 3 : 10;
  options.strength = raw.strength;
  options.residual_interval = raw.residual_interval;
  options.look_at = raw.look_at >= 0 ? raw.look_at : raw.geometry ? 0 : raw.quick ? 1 : 2;
  options.jobs = raw.jobs > 0 ? raw.jobs : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return options;
}

}  // namespace robustness
