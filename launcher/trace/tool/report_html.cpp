// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <set>

#include "formatted.hpp"
#include "marked_text.hpp"
#include "report.hpp"
#include "report_ab.hpp"
#include "report_charts.hpp"

namespace steg_trace::tool {
namespace {

constexpr char kHead[] = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>steg-trace report</title><style>
body{font:15px/1.5 system-ui,sans-serif;color:#222;background:#fff;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin-bottom:0}h2{font-size:1.25rem;margin-top:2.2rem;border-bottom:1px solid #ccc;overflow-wrap:anywhere}
h3{font-size:1.05rem;margin:1.6rem 0 .4rem}
.verdict{border-left:6px solid #0072B2;background:#eef5fa;padding:.6rem 1rem;margin:1rem 0}
.verdict.none{border-color:#888;background:#f3f3f3}.verdict.failed,.warning{border-left:6px solid #D55E00;background:#fdf1e7;padding:.6rem 1rem}
table{border-collapse:collapse;margin:.5rem 0;width:100%}th,td{text-align:left;padding:.2rem .6rem;border-bottom:1px solid #ddd;vertical-align:top}
th{font-weight:600;white-space:nowrap}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
code,.id{font-family:ui-monospace,monospace;overflow-wrap:anywhere}.id{font-weight:700}
pre{background:#f5f5f5;padding:.6rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
.side{display:flex;gap:1rem;flex-wrap:wrap;align-items:flex-start}.picture{width:26rem;max-width:100%;background:#f3f3f3}
.tiles{width:12rem;border:1px solid #ccc}.chart{width:100%;font-size:12px}.tick{fill:#666}.variant{fill:#fff;font-size:9px;text-anchor:middle}
figure{margin:0}figcaption,.note{color:#555;font-size:.85rem}
@media print{body{margin:0;max-width:none}section{break-inside:avoid}}
</style></head><body>
)";

std::string fact(const char* name, const std::string& value) {
  return value.empty() ? "" : std::string("<tr><th>") + name + "</th><td>" + value + "</td></tr>\n";
}

std::string code(const std::string& text) { return text.empty() ? "" : "<code>" + html_text(text) + "</code>"; }

std::string id(const std::string& text) { return "<span class=\"id\">" + html_text(text) + "</span>"; }

/// "1 in 10^15" of log10(p) = -15.3.
std::string odds(double log10_p) { return "1 in 10<sup>" + format("%.0f", std::floor(-log10_p)) + "</sup>"; }

std::string verdict(const Findings& file) {
  if (!file.error.empty())
    return "<p class=\"verdict failed\">This file could not be read: " + html_text(file.error) + "</p>\n";
  if (file.ab && file.segments.empty())
    return "<p class=\"verdict\">This copy carries segments of an A/B stream.</p>\n";
  if (file.segments.empty())
    return "<p class=\"verdict none\">No mark found under this key. That is no proof that there is none: a mark may be "
           "too "
           "weak to prove its ID, or be one of another key.</p>\n";
  std::set<std::string> ids;
  double weakest = -HUGE_VAL;
  bool mixed = false;
  for (const Segment& segment : file.segments) {
    ids.insert(segment.id);
    weakest = std::max(weakest, segment.log10_p);
    mixed = mixed || segment.mixed;
  }
  std::string text = "<p class=\"verdict\">This copy carries the mark of ";
  std::string separator;
  for (const std::string& one : ids) {
    text += separator + id(one);
    separator = ", ";
  }
  text += ids.size() == 1 ? "." : ". Each of these IDs is proved by itself.";
  if (mixed)
    text +=
        " Several copies were mixed, averaged or with frames or regions in turn: their IDs are there at the same time.";
  return text + " The probability that a copy without " + (ids.size() == 1 ? "that ID" : "one of them") +
         " would be reported so strongly is at most " + odds(weakest) + ", whatever is in the picture.</p>\n";
}

/// What the mark says of its time, and whether the audit log says the same.
std::string marked_sentence(const Report& report, const Segment& segment) {
  if (!segment.marked) return {};
  const std::string agrees = audit_text_of(report, segment);
  return "<p>Marked " + marked_text(segment) + " UTC, as the mark itself says." +
         (agrees.empty() ? ""
                         : " The audit log " + agrees +
                               (agrees == "agrees" ? ": it has this ID at that time of day."
                                                   : ": it has this ID at other times of day only.")) +
         "</p>\n";
}

std::string segment_row(const Segment& segment) {
  return "<tr><td class=\"n\">" + clock_text(segment.from) + "</td><td class=\"n\">" + clock_text(segment.to) +
         "</td><td>" + id(segment.id) + (segment.mixed ? " (mixed)" : "") + "</td><td class=\"n\">" +
         p_value_text(segment.log10_p) + "</td><td class=\"n\">" + format("%.1f", segment.signature) +
         "</td><td class=\"n\">" + format("%.1f%%", 100.0 * segment.bit_accuracy) + "</td><td class=\"n\">" +
         std::to_string(segment.frames) + "</td><td class=\"n\">" + marked_text(segment) + "</td></tr>\n";
}

std::string segment_section(const Report& report, const Findings& file, const Segment& segment) {
  std::string text = "<section><h3>" + id(segment.id) + ", " + clock_text(segment.from) + " to " +
                     clock_text(segment.to) + "</h3>\n" + marked_sentence(report, segment) + "<div class=\"side\">";
  if (const std::string picture = picture_svg(segment, file.width, file.height); !picture.empty()) {
    text += "<figure>" + picture + "<figcaption>The copy at " + clock_text(segment.picture.time) +
            "; the outline is where the marked picture was found.</figcaption></figure>";
  }
  if (const std::string tiles = tiles_svg(segment, file.width, file.height); !tiles.empty())
    text += "<figure>" + tiles +
            "<figcaption>How strongly each part of the marked picture carries this ID.</figcaption></figure>";
  return text + "</div>\n<figure>" + soft_bits_svg(segment) +
         "<figcaption>The 256 soft bits: upwards (blue) those that agree with the ID, downwards (orange) those that "
         "contradict it; the length is how sure each one is.</figcaption></figure></section>\n";
}

std::string file_section(const Report& report, const Findings& file) {
  std::string text = "<h2>" + html_text(file.file) + "</h2>\n" + verdict(file);
  if (!file.warning.empty()) text += "<p class=\"warning\">" + html_text(file.warning) + "</p>\n";
  text += "<table>" + fact("SHA-256", code(file.sha256)) +
          fact("Bytes", file.sha256.empty() ? "" : std::to_string(file.bytes)) +
          fact("Last changed", html_text(file.modified));
  if (file.error.empty()) {
    text += fact("Picture", format("%d x %d pixels", file.width, file.height)) +
            fact("Duration", file.duration > 0.0 ? clock_text(file.duration) : "a single picture") +
            fact("Frames read", std::to_string(file.frames));
  }
  text += "</table>\n" + timeline_svg(file);
  if (file.ab) text += ab_html(report, *file.ab);
  if (file.segments.empty()) return text;
  text +=
      "<table><tr><th class=\"n\">from</th><th class=\"n\">to</th><th>ID</th><th class=\"n\">p-value</th><th "
      "class=\"n\">S</th><th class=\"n\">bits</th><th class=\"n\">frames</th><th class=\"n\">marked (UTC)</th></tr>\n";
  for (const Segment& segment : file.segments) text += segment_row(segment);
  text +=
      "</table>\n<p class=\"note\">S: the signature, about N(0,1) for an ID that is not there. bits: share of the 256 "
      "code "
      "bits that agree with the ID; in a mix it is low.</p>\n";
  for (const Segment& segment : file.segments) text += segment_section(report, file, segment);
  return text;
}

std::string audit_section(const Report& report) {
  if (report.database.empty()) return {};
  std::string text = "<h2>Who was given these IDs</h2>\n<p>From the audit log " + code(report.database) + ". " +
                     html_text(audit_standing(report)) + "</p>\n";
  for (const auto& [given, rows] : report.audit) {
    text += "<h3>" + id(given) + "</h3>\n";
    if (rows.empty()) {
      text += "<p>The audit log has no row of this ID.</p>\n";
      continue;
    }
    text +=
        "<table><tr><th>minute (UTC)</th><th>client</th><th>stream</th><th>first frame</th><th>last frame</th>"
        "<th class=\"n\">frames</th><th>session</th></tr>\n";
    for (const audit::AuditRow& row : rows) {
      text += "<tr><td>" + html_text(row.minute) + "</td><td>" +
              (row.client_ip.empty() ? "not known" : html_text(row.client_ip)) + "</td><td>" + html_text(row.stream) +
              "</td><td>" + html_text(row.first_time) + "</td><td>" + html_text(row.last_time) +
              "</td><td class=\"n\">" + std::to_string(row.encoded + row.repeated + row.residual) +
              (row.intervals_open > 0 ? " (open)" : "") + "</td><td>" + code(row.session) +
              (report.audit_intact == false && !row.verified ? " (not verified)" : "") + "</td></tr>\n";
    }
    text += "</table>\n";
  }
  return text;
}

/// Of files that an earlier network read.
std::string earlier_networks(const Report& report) {
  std::string text;
  for (const Findings& file : report.files)
    if (file.earlier)
      text += fact(("Network that read " + html_text(file.file)).c_str(),
                   code(file.earlier->path) + " " + code(file.earlier->fingerprint));
  return text;
}

std::string method_section(const Report& report) {
  std::string text = "<h2>How it was read</h2>\n";
  if (report.public_key)
    text +=
        "<p class=\"warning\">The public default key was used: anybody can make and forge marks of it. This report "
        "proves "
        "nothing against anybody.</p>\n";
  text += "<table>" + fact("Program", "steg-trace " + html_text(report.version)) +
          fact("Key fingerprint", code(report.key_fingerprint)) + fact("Extractor network", code(report.model)) +
          fact("Its fingerprint", code(report.model_fingerprint)) + earlier_networks(report) +
          fact("Reported at p-values of at most", format("%g", report.max_p_value)) +
          fact("Report made at", html_text(report.made_at)) + "</table>\n";
  text += "<p>To repeat it, with the same files, key and network:</p>\n<pre>" + html_text(report.command) + "</pre>\n";
  return text + R"(<h2>What the p-value says, and what it does not</h2>
<p>Each ID has a signature: plus and minus signs, one for each of many small parts of the picture, that only the holder of the
key can know. For an ID that is <em>not</em> in the copy they are as good as coin tosses that have nothing to do with the picture.
S says how well the copy agrees with them. By Hoeffding's inequality coin tosses reach an S of t with a probability of at
most exp(-t&sup2;/2), whatever the picture is, however it was changed, and whatever other ID is in it. The p-value is that bound times
the number of all tries: of candidates, of stretches of time, of positions.</p>
<p>It says that this ID was put into the picture, or copied from one that has it. It does not say who did it: whoever had a marked copy, and whoever
has the key, can make others. The p-value is that of one file; looking at a thousand files multiplies it by a thousand.
The derivation with its assumptions is in the page tracing.md of gst-steg.</p>
)";
}

}  // namespace

std::string report_html(const Report& report) {
  std::string text = kHead;
  text += "<h1>Traces of leaked copies</h1>\n<p class=\"note\">steg-trace " + html_text(report.version) + ", " +
          html_text(report.made_at) + "</p>\n";
  for (const Findings& file : report.files) text += file_section(report, file);
  return text + audit_section(report) + method_section(report) + "</body></html>\n";
}

}  // namespace steg_trace::tool
