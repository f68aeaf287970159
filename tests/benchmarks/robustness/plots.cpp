// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <set>

#include "heat_map.hpp"
#include "line_chart.hpp"
#include "pool.hpp"
#include "report.hpp"

namespace robustness {
namespace {

/// The number behind `prefix`, if the attack is nothing but that.
std::optional<double> number_of(const std::string& attack, const std::string& prefix) {
  if (attack.rfind(prefix, 0) != 0) return std::nullopt;
  const std::string rest = attack.substr(prefix.size());
  if (rest.empty() || rest.find_first_not_of("0123456789.") != std::string::npos) return std::nullopt;
  return std::stod(rest);
}

using Points = std::vector<std::pair<double, double>>;

/// Shares of single frames and of windows over the number in the attack's name.
struct Curves {
  Points frames;
  std::array<Points, kWindows.size()> windows;

  Curves(const Results& results, const std::string& prefix, const Choice& choice) {
    for (const std::string& attack : attacks_of(results, choice)) {
      const auto place = number_of(attack, prefix);
      if (!place) continue;
      const Pooled pooled = pool(results, attack, choice);
      frames.emplace_back(*place, pooled.sum.frames.percent());
      for (std::size_t i = 0; i < kWindows.size(); ++i)
        windows[i].emplace_back(*place, pooled.sum.windows[i].percent());
    }
    std::sort(frames.begin(), frames.end());
    for (Points& points : windows) std::sort(points.begin(), points.end());
  }
};

/// Four windows of clips in their own size, or one frame and one second of each size that clips were scaled to.
void write_curves(const Results& results, const std::string& prefix, const std::string& title, const std::string& label,
                  plot::Scale scale, const std::string& path) {
  std::vector<std::pair<int, Curves>> all;
  std::set<double> places;
  for (const int lines : lines_of(results)) {
    all.emplace_back(lines, Curves(results, prefix, scaled_to(lines)));
    for (const auto& point : all.back().second.frames) places.insert(point.first);
  }
  if (places.size() < 2) return;
  plot::LineChart chart(title, {label, *places.begin(), *places.rbegin(), scale, {places.begin(), places.end()}},
                        {"% recovered", 0, 100});
  for (const auto& [lines, curves] : all) {
    const std::string of = lines == 0 ? "" : std::to_string(lines) + "p, ";
    chart.add(of + "1 frame", curves.frames);
    if (lines != 0) continue;
    for (std::size_t i = 0; i < kWindows.size(); ++i) chart.add(std::to_string(kWindows[i]) + " s", curves.windows[i]);
  }
  for (const auto& [lines, curves] : all)
    if (lines != 0) chart.add(std::to_string(lines) + "p, 1 s", curves.windows[0], true);
  chart.write(path);
}

/// `value`: of one attack on one clip.
void write_map(const Results& results, const std::vector<std::string>& attacks, const std::string& title,
               const std::function<double(const AttackResult&)>& value, const std::string& path) {
  std::vector<std::string> clips;
  for (const ClipResult& clip : results.clips)
    if (is_moving(clip)) clips.push_back(clip.clip.substr(0, clip.clip.rfind('.')));
  if (clips.size() < 2 || attacks.size() < 2) return;
  plot::HeatMap map(title, clips);
  for (const std::string& attack : attacks) {
    std::vector<std::optional<double>> row;
    for (const ClipResult& clip : results.clips) {
      if (!is_moving(clip)) continue;
      const AttackResult* result = find_attack(clip, attack);
      row.push_back(result ? std::optional<double>(value(*result)) : std::nullopt);
    }
    map.add(attack, std::move(row));
  }
  map.write(path);
}

}  // namespace

void write_plots(const Results& results, const std::string& folder) {
  write_curves(results, "crf", "ID recovered against CRF (x264 veryfast zerolatency)", "CRF", plot::Scale::linear,
               folder + "/recovery-crf.svg");
  write_curves(results, "kbps", "ID recovered against bit rate (x264 veryfast zerolatency)", "kbit/s",
               plot::Scale::log10, folder + "/recovery-bit-rate.svg");
  write_map(
      results, attacks_of(results, is_moving), "Seconds whose ID is recovered, in percent",
      [](const AttackResult& result) { return result.recovery.windows[0].percent(); }, folder + "/recovery-map.svg");
  write_map(
      results, traced_attacks_of(results, is_moving), "S of what steg-trace finds; 0: not found",
      [](const AttackResult& result) { return result.tracing.signature; }, folder + "/tracing-map.svg");
}

}  // namespace robustness
