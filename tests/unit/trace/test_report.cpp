// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "launcher/trace/tool/marked_text.hpp"
#include "launcher/trace/tool/report.hpp"
#include "launcher/trace/tool/report_charts.hpp"

namespace tool = steg_trace::tool;
using Catch::Contains;
using steg_trace::Findings;
using tool::clock_text;
using tool::p_value_text;

TEST_CASE("times") {
  CHECK(clock_text(0.0) == "0:00.00");
  CHECK(clock_text(83.5) == "1:23.50");
  CHECK(clock_text(59.999) == "1:00.00");
  CHECK(clock_text(4000.0) == "1:06:40.00");
}

TEST_CASE("p-values, also where a double holds them no more") {
  CHECK(p_value_text(-9.0) == "1.0e-09");
  CHECK(p_value_text(-11.8861) == "1.3e-12");
  CHECK(p_value_text(-511.9) == "1.3e-512");
  CHECK(p_value_text(-0.0001) == "1.0e+00");
}

TEST_CASE("the table") {
  tool::Report report;
  Findings file;
  file.file = "leak.mp4";
  file.width = 1280;
  file.height = 720;
  file.duration = 3.0;
  file.frames = 30;
  file.segments.push_back({0.0, 1.5, 15, "café", 22.44, -109.9, 0.975});
  file.segments.push_back({1.5, 3.0, 15, "bob", 9.04, -15.5, 0.9});
  report.files.push_back(file);
  CHECK(tool::report_text(report) ==
        "leak.mp4: 1280x720, 0:03.00, 30 frames read\n"
        "  from     to       ID    p-value   S     bits   frames\n"
        "  0:00.00  0:01.50  café  1.3e-110  22.4  97.5%  15\n"
        "  0:01.50  0:03.00  bob   3.2e-16   9.0   90.0%  15\n"
        "\n"
        "To see who was given these IDs, add --database with the URI of auditlog, for instance "
        "sqlite:steg-audit.db.\n");

  report.database = "sqlite:x.db";
  audit::AuditRow row;
  row.id = "bob";
  row.minute = "2026-11-22T11:29Z";
  row.client_ip = "192.0.2.7";
  row.stream = "live";
  row.encoded = 40;
  row.repeated = 2;
  report.audit["bob"].push_back(row);
  report.audit["café"];
  const std::string text = tool::report_text(report);
  CHECK_THAT(text, Contains("bob   2026-11-22T11:29Z  192.0.2.7  live") && Contains("42\n"));
  CHECK_THAT(text, Contains("café  no row of this ID"));
  CHECK_THAT(text, Contains("not verified: with the --key-file"));
}

TEST_CASE("what the audit log's rows are worth") {
  tool::Report report;
  report.database = "sqlite:x.db";
  Findings file;
  file.segments.push_back({0.0, 1.5, 15, "bob", 22.44, -109.9, 0.975});
  file.segments[0].marked = steg_trace::MarkedTime{50602.0, 50612.0};
  report.files.push_back(file);
  audit::AuditRow row;
  row.id = "bob";
  row.minute = "2026-11-22T14:03Z";
  row.verified = true;
  report.audit["bob"] = {row};
  report.audit_intact = true;
  CHECK_THAT(tool::report_text(report),
             Contains("Verified: the log is as it was written.") && !Contains("not verified"));
  CHECK(tool::audit_agrees(report, report.files[0].segments[0]) == true);

  report.audit_intact = false;
  report.audit["bob"].push_back(row);
  report.audit["bob"][1].verified = false;
  CHECK_THAT(tool::report_text(report),
             Contains("  verified\n") && Contains("  not verified\n") && Contains("not intact"));
  CHECK_THAT(tool::report_html(report), Contains("(not verified)") && Contains("not intact"));
  // A row that may be forged agrees with nothing.
  report.audit["bob"].erase(report.audit["bob"].begin());
  CHECK(tool::audit_agrees(report, report.files[0].segments[0]) == std::nullopt);
}

TEST_CASE("files without an ID, and files that could not be read") {
  tool::Report report;
  Findings clean;
  clean.file = "clean.png";
  clean.width = 640;
  clean.height = 480;
  clean.frames = 1;
  Findings broken;
  broken.file = "broken.mp4";
  broken.error = "It is broken.";
  report.files = {clean, broken};
  CHECK(tool::report_text(report) ==
        "clean.png: 640x480, 1 frame read\n"
        "  No mark found under this key.\n");
}

TEST_CASE("soft bits agree with the ID, whatever its code bits are") {
  steg_trace::Segment segment{0.0, 1.0, 10, "bob", 9.04, -15.5, 0.9};
  segment.soft_bits.fill(2.0F);
  CHECK_THAT(tool::soft_bits_svg(segment), !Contains("v50.0"));
  segment.soft_bits[7] = -2.0F;
  CHECK_THAT(tool::soft_bits_svg(segment), Contains("v50.0"));
}

TEST_CASE("the page") {
  tool::Report report;
  report.version = "1.2.3";
  report.command = "steg-trace 'a <b>.mp4'";
  report.made_at = "2026-11-24T06:58:17Z";
  report.key_fingerprint = "0123456789abcdef";
  report.model_fingerprint = "fedcba9876543210";
  report.max_p_value = 1e-9;
  report.database = "sqlite:audit.db";
  Findings file;
  file.file = "a <b>.mp4";
  file.width = 640;
  file.height = 360;
  file.duration = 3.0;
  file.sha256 = "00ff";
  file.bytes = 1234;
  file.modified = "2026-11-23T00:00:00Z";
  steg_trace::Segment segment{0.0, 1.5, 15, "x<&\"'", 22.44, -109.9, 0.975};
  segment.picture = {0.5, "QUJD"};
  segment.outline = {steg_trace::Corner{-0.5, 0}, {1, 0}, {1, 1}, {-0.5, 1}};
  file.segments.push_back(segment);
  report.files.push_back(file);
  Findings broken;
  broken.file = "broken.mp4";
  broken.error = "It is empty.";
  report.files.push_back(broken);
  report.audit["x<&\"'"] = {};
  const std::string page = tool::report_html(report);
  CHECK_THAT(page, Contains("x&lt;&amp;&quot;&#39;") && !Contains("x<&"));
  CHECK_THAT(page, Contains("a &lt;b&gt;.mp4") && !Contains("<b>"));
  CHECK_THAT(page, Contains("1 in 10<sup>109</sup>") && Contains("00ff") && Contains("1234"));
  CHECK_THAT(page, Contains("data:image/jpeg;base64,QUJD"));
  // Half a picture to the left of the copy: the outline, and room for it.
  CHECK_THAT(page, Contains("points=\"-320,0 640,0 640,360 -320,360 \""));
  CHECK_THAT(page, Contains("It is empty.") && Contains("The audit log has no row of this ID."));
  CHECK_THAT(page, Contains("0123456789abcdef") && Contains("fedcba9876543210") && Contains("1.2.3"));
  // Nothing is loaded from elsewhere.
  CHECK_THAT(page, !Contains("http:") && !Contains("https:") && !Contains("<script") && !Contains("src="));
}

namespace {

tool::Report marked_report(double from, double to, const std::vector<std::string>& minutes) {
  tool::Report report;
  report.database = "sqlite:x.db";
  Findings file;
  file.file = "leak.mp4";
  file.width = 1280;
  file.height = 720;
  file.duration = 10.0;
  file.frames = 100;
  file.segments.push_back({0.0, 10.0, 100, "bob", 22.44, -109.9, 0.975});
  file.segments[0].marked = steg_trace::MarkedTime{from, to};
  report.files.push_back(file);
  for (const std::string& minute : minutes) {
    audit::AuditRow row;
    row.id = "bob";
    row.minute = "2026-11-22T" + minute + "Z";
    report.audit["bob"].push_back(row);
  }
  return report;
}

std::optional<bool> agrees(double from, double to, const std::vector<std::string>& minutes) {
  const tool::Report report = marked_report(from, to, minutes);
  return tool::audit_agrees(report, report.files[0].segments[0]);
}

}  // namespace

TEST_CASE("the time of day, and whether the audit log agrees") {
  const tool::Report report = marked_report(50602.0, 50612.0, {"14:03"});
  const std::string text = tool::report_text(report);
  CHECK_THAT(text, Contains("marked (UTC)       audit log") && Contains("14:03:22-14:03:32  agrees"));
  CHECK_THAT(tool::report_html(report), Contains("Marked 14:03:22-14:03:32 UTC") && Contains("The audit log agrees"));
  const tool::Report other = marked_report(50602.0, 50612.0, {"11:29"});
  CHECK_THAT(tool::report_text(other), Contains("14:03:22-14:03:32  does not agree"));
  CHECK_THAT(tool::report_html(other), Contains("The audit log does not agree"));
  tool::Report alone = marked_report(50602.0, 50612.0, {});
  CHECK_THAT(tool::report_text(alone), !Contains("agree"));
  alone.database.clear();
  CHECK_THAT(tool::report_text(alone), !Contains("audit log\n") && Contains("14:03:22-14:03:32"));
}

TEST_CASE("audit rows agree if they cover the whole time, on any day and over midnight") {
  CHECK(agrees(50602.0, 50612.0, {"14:02", "14:03"}) == true);
  CHECK(agrees(50602.0, 50612.0, {"14:04"}) == false);
  CHECK(agrees(50602.0, 50700.0, {"14:03", "14:04"}) == true);
  CHECK(agrees(50602.0, 50700.0, {"14:03"}) == false);
  CHECK(agrees(50602.0, 50700.0, {"14:04"}) == false);
  // A frame at the end of a minute may be written down in the next one.
  CHECK(agrees(50636.0, 50642.0, {"14:04"}) == true);
  CHECK(agrees(86396.0, 4.0, {"00:00"}) == true);
  CHECK(agrees(86336.0, 4.0, {"23:59"}) == true);
  CHECK(agrees(86336.0, 60.0, {"23:59"}) == false);
  CHECK(agrees(50602.0, 50612.0, {}) == std::nullopt);
}
