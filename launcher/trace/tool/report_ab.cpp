// SPDX-License-Identifier: LGPL-2.1-or-later
#include "report_ab.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "formatted.hpp"
#include "launcher/base/text_table.hpp"
#include "report_charts.hpp"

namespace steg_trace::tool {
namespace {

using Row = std::vector<std::string>;

/// Segments in a line of text, and in a strip of the page.
constexpr std::size_t kOfLine = 30;
constexpr std::size_t kOfStrip = 60;

/// "812 to 841".
std::string range(std::uint32_t first, std::uint32_t last) {
  return std::to_string(first) + " to " + std::to_string(last);
}

std::size_t count(const AbStream& ab, AbState state) {
  return static_cast<std::size_t>(std::count_if(ab.segments.begin(), ab.segments.end(),
                                                [state](const AbSegment& segment) { return segment.state == state; }));
}

std::string summary(const AbStream& ab) {
  return "Segments of an A/B stream: " + std::to_string(count(ab, AbState::read)) + " read, " +
         std::to_string(count(ab, AbState::mixed)) + " mixed, " + std::to_string(count(ab, AbState::unread)) +
         " not read; S " + format("%.1f", ab.signature) + ", p-value " + p_value_text(ab.log10_p) + ".";
}

/// Segments from `first` to before `last` whose positions follow each other.
struct Line {
  std::size_t first;
  std::size_t last;
};

std::vector<Line> lines_of(const AbStream& ab, std::size_t most) {
  std::vector<Line> lines;
  for (std::size_t i = 0; i < ab.segments.size(); ++i) {
    const bool follows = i > 0 && ab.segments[i].position == ab.segments[i - 1].position + 1;
    if (!follows || i - lines.back().first == most) lines.push_back({i, i});
    lines.back().last = i + 1;
  }
  return lines;
}

std::size_t named(const AbStream& ab) {
  return static_cast<std::size_t>(
      std::count_if(ab.scored.begin(), ab.scored.end(), [](const ScoredViewer& viewer) { return viewer.named; }));
}

/// How much longer a leak must be; empty where that cannot be said.
std::string length_text(const AbStream& ab) {
  if (!std::isfinite(ab.needed_of_one)) return {};
  return "Of copies that read like this one, " + format("%.0f", std::ceil(ab.needed_of_one)) +
         " segments name their only leaker in the mean, and " + format("%.0f", std::ceil(ab.needed_of_two)) +
         " one of two who mixed theirs; this one shows " + std::to_string(ab.segments.size()) + ".";
}

std::string verdict_text(const Report& report, const AbStream& ab) {
  const std::size_t found = named(ab);
  const std::string among = " of " + std::to_string(ab.viewers) + (ab.viewers == 1 ? " viewer" : " viewers");
  if (found > 0)
    return std::to_string(found) + among + (found == 1 ? " is named" : " are named") + " by these segments.";
  return "None" + among + " is named at a p-value of " + format("%g", report.max_p_value) + " or less. " +
         length_text(ab);
}

constexpr char kNoViewers[] =
    "To see which viewers had these segments, give those who had a token: --viewers with a file of their names, one a "
    "line, or --database with the URI of the audit log that has their tokens.";

/// Colours of variants, of mixed and of unread segments.
const char* colour(char letter) {
  switch (letter) {
    case 'a':
      return "#0072B2";
    case 'b':
      return "#E69F00";
    case 'c':
      return "#009E73";
    case 'd':
      return "#CC79A7";
    case '+':
      return "#D55E00";
    default:
      return "#ddd";
  }
}

/// "a 1.00, b 0.02".
std::string weights_text(const AbSegment& segment) {
  std::string text;
  const int count = static_cast<int>(segment.likelihoods.size());
  for (int v = 0; v < count; ++v)
    text += format("%s%c %.2g", v > 0 ? ", " : "", static_cast<char>('a' + v),
                   segment.likelihoods[static_cast<std::size_t>(v)]);
  return text;
}

std::string cell(double x, double y, double height, char letter, const std::string& title) {
  return format("<rect x=\"%g\" y=\"%g\" width=\"10\" height=\"%g\" fill=\"%s\"><title>", x, y, height,
                colour(letter)) +
         html_text(title) +
         format("</title></rect><text x=\"%g\" y=\"%g\" class=\"variant\">%c</text>", x + 5, y + 10, letter);
}

}  // namespace

std::string ab_text(const Report& report, const AbStream& ab) {
  std::string text = "  " + summary(ab) + "\n";
  std::vector<Row> rows{{"from", "to", "positions", "variants"}};
  for (const Line& line : lines_of(ab, kOfLine)) {
    const AbSegment& first = ab.segments[line.first];
    const AbSegment& last = ab.segments[line.last - 1];
    std::string letters;
    for (std::size_t i = line.first; i < line.last; ++i) letters += ab.segments[i].letter();
    rows.push_back({clock_text(first.from), clock_text(last.to), range(first.position, last.position), letters});
  }
  text += launcher::text_table(rows, 2) + "  Mixed segments are +, those not read are dots.\n";
  if (!ab.warning.empty()) text += "  " + ab.warning + "\n";
  if (ab.viewers == 0) return text + "\n" + kNoViewers + "\n";
  rows = {{"viewer", "p-value", "", "rests on positions", "as one of"}};
  for (const ScoredViewer& viewer : ab.scored) {
    rows.push_back({viewer.name, p_value_text(viewer.log10_p), viewer.named ? "named" : "not named",
                    range(viewer.first, viewer.last), std::to_string(viewer.leakers)});
  }
  if (rows.size() > 1) text += launcher::text_table(rows, 2);
  return text + "  " + verdict_text(report, ab) + "\n";
}

std::string ab_line(double time, const AbStream& ab) {
  std::string text = clock_text(time) + ": " + std::to_string(count(ab, AbState::read)) + " of " +
                     std::to_string(ab.segments.size()) + " segments read";
  if (ab.scored.empty()) return text + ".";
  const ScoredViewer& first = ab.scored.front();
  text += "; " + first.name + " " + p_value_text(first.log10_p) + (first.named ? ", named" : ", not named");
  if (!first.named && std::isfinite(ab.needed_of_one))
    text += "; " + format("%.0f", std::ceil(ab.needed_of_one)) + " segments like these name their only leaker";
  return text + ".";
}

std::string strip_svg(const AbStream& ab) {
  const std::size_t viewers = named(ab);
  std::string text;
  for (const Line& line : lines_of(ab, kOfStrip)) {
    constexpr double kLeft = 110;
    const double height = 30.0 + 16.0 * static_cast<double>(viewers);
    text += format("<svg class=\"chart\" viewBox=\"0 0 730 %g\" role=\"img\" aria-label=\"segments\">", height);
    text += format("<text x=\"0\" y=\"10\">%s, %u</text>", clock_text(ab.segments[line.first].from).c_str(),
                   static_cast<unsigned>(ab.segments[line.first].position));
    for (std::size_t i = line.first; i < line.last; ++i) {
      const AbSegment& segment = ab.segments[i];
      const double x = kLeft + 10 * static_cast<double>(i - line.first);
      text += cell(x, 0, 14, segment.letter(),
                   "position " + std::to_string(segment.position) + ", " + clock_text(segment.from) + ", S " +
                       format("%.1f", segment.signature) + ": " + weights_text(segment));
      for (std::size_t k = 0; k < viewers; ++k)
        text += cell(x, 18.0 + 16.0 * static_cast<double>(k), 12, static_cast<char>('a' + ab.scored[k].variants[i]),
                     ab.scored[k].name);
    }
    for (std::size_t k = 0; k < viewers; ++k)
      text += format("<text x=\"0\" y=\"%g\">", 28.0 + 16.0 * static_cast<double>(k)) + html_text(ab.scored[k].name) +
              "</text>";
    text += "</svg>\n";
  }
  return text;
}

std::string ab_html(const Report& report, const AbStream& ab) {
  std::string text =
      "<section><h3>Segments</h3>\n<p>" + summary(ab) + "</p>\n" + strip_svg(ab) +
      "<p class=\"note\">Each column is a segment: above what the copy shows (+ mixed, . not read), below what "
      "each viewer who is named was sent. How likely each variant is stands in a column's tooltip.</p>\n";
  if (!ab.warning.empty()) text += "<p class=\"warning\">" + html_text(ab.warning) + "</p>\n";
  if (ab.viewers == 0) return text + "<p>" + html_text(kNoViewers) + "</p></section>\n";
  text +=
      "<table><tr><th>viewer</th><th class=\"n\">p-value</th><th></th><th class=\"n\">rests on positions</th></tr>\n";
  for (const ScoredViewer& viewer : ab.scored) {
    text += "<tr><td><span class=\"id\">" + html_text(viewer.name) + "</span></td><td class=\"n\">" +
            p_value_text(viewer.log10_p) + "</td><td>" + (viewer.named ? "named" : "not named") +
            "</td><td class=\"n\">" + range(viewer.first, viewer.last) + "</td></tr>\n";
  }
  return text + "</table>\n<p>" + html_text(verdict_text(report, ab)) +
         " A viewer's p-value bounds the probability that anybody at all who gave nothing would be named so strongly, "
         "given "
         "this copy: their variants are those that the key drew for them, and nothing else in the copy knows "
         "them.</p></section>\n";
}

}  // namespace steg_trace::tool
