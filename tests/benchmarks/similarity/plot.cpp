// The plot of report.hpp.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <iomanip>
#include <sstream>

#include "report.hpp"
#include "statistics.hpp"

namespace similarity {
namespace {

constexpr double kLeft = 130;
constexpr double kScale = 560;
constexpr double kWidth = kLeft + kScale + 30;
constexpr double kRow = 26;
constexpr double kTitle = 34;
constexpr double kGap = 16;
/// Ends of the axis, as powers of 2 of the threshold.
constexpr double kFrom = -6;
constexpr double kTo = 6;

constexpr const char* kRepeatColour = "#2b6cb0";
constexpr const char* kMotionColour = "#dd6b20";
constexpr const char* kUnclearColour = "#718096";

double x_of(double score, double threshold) {
  const double power = score > 0 ? std::log2(score / threshold) : kFrom;
  return kLeft + kScale * (std::clamp(power, kFrom, kTo) - kFrom) / (kTo - kFrom);
}

/// Thin line: all scores; thick: from 1% to 99%; tick: median.
void write_range(std::ostream& out, const std::vector<double>& scores, double threshold, double y, const char* colour) {
  if (scores.empty()) return;
  const auto line = [&](double from, double to, double width) {
    out << "<line x1=\"" << from << "\" x2=\"" << std::max(to, from + 1) << "\" y1=\"" << y << "\" y2=\"" << y
        << "\" stroke=\"" << colour << "\" stroke-width=\"" << width << "\"/>\n";
  };
  const auto at = [&](double p) { return x_of(quantile(scores, p), threshold); };
  line(at(0), at(1), 1.5);
  line(at(0.01), at(0.99), 6);
  out << "<line x1=\"" << at(0.5) << "\" x2=\"" << at(0.5) << "\" y1=\"" << y - 6 << "\" y2=\"" << y + 6
      << "\" stroke=\"" << colour << "\" stroke-width=\"2.5\"/>\n";
}

void write_text(std::ostream& out, double x, double y, const std::string& text, const char* extra = "") {
  out << "<text x=\"" << x << "\" y=\"" << y << "\" " << extra << ">" << text << "</text>\n";
}

std::vector<std::string> group_names(const Results& results) {
  std::vector<std::string> names;
  for (const Run& run : results.runs)
    if (std::find(names.begin(), names.end(), run.group) == names.end()) names.push_back(run.group);
  return names;
}

void write_panel(std::ostream& out, const Results& results, std::size_t measure, double top) {
  const std::vector<std::string> names = group_names(results);
  const double threshold = threshold_of(results, measure);
  const double bottom = top + kTitle + kRow * static_cast<double>(names.size());
  const Measure& m = results.measures[measure];
  write_text(out, kLeft, top + 20, m.name + " (" + m.unit + ")", "font-weight=\"bold\" font-size=\"14\"");
  for (double power = kFrom; power <= kTo; power += 2) {
    const double x = kLeft + kScale * (power - kFrom) / (kTo - kFrom);
    out << "<line x1=\"" << x << "\" x2=\"" << x << "\" y1=\"" << top + kTitle - 6 << "\" y2=\"" << bottom
        << "\" stroke=\"" << (power == 0 ? "#c53030" : "#e2e8f0") << "\" stroke-width=\"" << (power == 0 ? 1.5 : 1)
        << "\"/>\n";
    std::ostringstream label;
    label << (power == kFrom ? "≤ " : "") << std::setprecision(2) << threshold * std::exp2(power);
    write_text(out, x, bottom + 12, label.str(), "text-anchor=\"middle\" font-size=\"10\" fill=\"#4a5568\"");
  }
  double y = top + kTitle + kRow / 2;
  for (const std::string& name : names) {
    const Run run = pooled(results, measure, name);
    write_text(out, kLeft - 8, y + 4, name, "text-anchor=\"end\"");
    const bool both = !run.repeats.empty() && !run.motions.empty();
    write_range(out, run.repeats, threshold, both ? y - 5 : y, kRepeatColour);
    write_range(out, run.motions, threshold, both ? y + 5 : y, kMotionColour);
    if (run.repeats.empty() && run.motions.empty()) write_range(out, run.unclear, threshold, y, kUnclearColour);
    y += kRow;
  }
}

}  // namespace

void write_plot(std::ostream& out, const Results& results) {
  const double panel = kTitle + kRow * static_cast<double>(group_names(results).size()) + kGap;
  const double height = 64 + panel * static_cast<double>(results.measures.size());
  out << "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" << kWidth << "\" height=\"" << height
      << "\" viewBox=\"0 0 " << kWidth << " " << height
      << "\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";
  write_text(out, kLeft, 20, "repeats", "fill=\"#2b6cb0\" font-weight=\"bold\"");
  write_text(out, kLeft + 60, 20, "motion", "fill=\"#dd6b20\" font-weight=\"bold\"");
  write_text(out, kLeft + 110, 20, "neither (reported only)", "fill=\"#718096\" font-weight=\"bold\"");
  write_text(out, kLeft + 285, 20, "| threshold", "fill=\"#c53030\" font-weight=\"bold\"");
  write_text(out, kLeft, 38, "thin: all scores; thick: 1% to 99%; tick: median", "fill=\"#4a5568\"");
  for (std::size_t m = 0; m < results.measures.size(); ++m)
    write_panel(out, results, m, 44 + panel * static_cast<double>(m));
  out << "</svg>\n";
}

}  // namespace similarity
