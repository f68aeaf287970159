// steg-trace: reads the ID from a leaked copy and says who was given it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <malloc.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <exception>
#include <fstream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "options.hpp"
#include "plugins/auditlog/connection.hpp"
#include "plugins/steg/model/encoder.hpp"
#include "plugins/steg/model/extractor.hpp"
#include "plugins/steg/model/model_path.hpp"
#include "plugins/steg/watermark/key.hpp"
#include "progress_bar.hpp"
#include "report.hpp"
#include "tracer.hpp"

namespace {

constexpr std::size_t kMostRows = 1000;  ///< of an ID

enum ExitStatus { kFound = 0, kNotFound = 1, kFailed = 2 };

constexpr char kPublicKeyNotice[] =
    "steg-trace: no --key-file was given, so marks of the public default key are read: anyone can forge these.\n";

std::vector<audit::AuditRow> rows_of(const trace::Options& options, const std::string& id) {
  audit::Query query = options.issued;
  query.id = id;
  query.most = kMostRows;
  return audit::find(options.database, query);
}

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text.data();
}

/// The network's tensors of some megabytes are asked for and given back with each frame. By default each of them is
/// mapped anew from the kernel, page by page, which takes a sixth of the time.
void keep_freed_memory() {
#ifdef __GLIBC__
  constexpr int kLargest = 1 << 29;
  mallopt(M_MMAP_THRESHOLD, kLargest);
  mallopt(M_TRIM_THRESHOLD, kLargest);
#endif
}

void write_report(const std::string& path, const trace::Report& report) {
  std::ofstream file(path, std::ios::binary);
  file << trace::report_html(report);
  file.close();
  if (!file)
    throw std::runtime_error("The report " + path +
                             " cannot be written. Check that its folder exists and that you may write there.");
}

int trace_all(const trace::Options& options) {
  const steg::Key key = options.key_file.empty() ? steg::Key::public_default() : steg::Key::from_file(options.key_file);
  trace::TraceOptions trace_options;
  trace_options.max_p_value = options.max_p_value;
  trace_options.rate = options.rate;
  trace_options.clock = steg::DayClock(options.epoch_period);
  trace_options.search = options.search;
  trace_options.thorough = options.thorough;
  trace_options.pictures = !options.html.empty();
  // Before the long work, so that a wrong URI shows at once.
  std::optional<steg::IssuedIds> issued;
  if (!options.database.empty()) {
    issued.emplace(steg::Chips(key), audit::issued_ids(options.database, options.issued));
    trace_options.issued = &*issued;
  }

  const std::vector<std::string> models = steg::extractor_paths(options.model);
  const int cpus = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  trace_options.threads = options.threads > 0 ? options.threads : cpus;
  trace::Extractors extractors(
      models, [&](const std::string& path) { return steg::load_extractor(path, trace_options.threads); });
  const steg::Extractor& newest = extractors.at(0);
  if (key.is_public_default()) std::fputs(kPublicKeyNotice, stderr);

  trace::Report report;
  report.version = GST_STEG_VERSION;
  report.command = options.command;
  report.made_at = utc_now();
  report.model = models.front();
  report.key_fingerprint = key.fingerprint();
  report.public_key = key.is_public_default();
  report.model_fingerprint = newest.fingerprint();
  report.max_p_value = options.max_p_value;
  if (!options.database.empty()) report.database = audit::without_password(options.database);

  bool failed = false;
  bool found = false;
  for (const std::string& file : options.files) {
    trace::ProgressBar bar("Looking for the picture in " + file);
    trace_options.progress = [&bar](double done) { bar.show(done); };
    trace::FileTrace traced = trace::trace_file(file, key, extractors, trace_options);
    bar.clear();
    if (options.json || !options.html.empty()) traced.evidence = trace::evidence_file(file);
    if (!traced.error.empty()) {
      failed = true;
      std::fprintf(stderr, "steg-trace: %s: %s\n", file.c_str(), traced.error.c_str());
    }
    for (const trace::Segment& segment : traced.segments) {
      found = true;
      if (!options.database.empty() && report.audit.count(segment.reading.id) == 0)
        report.audit[segment.reading.id] = rows_of(options, segment.reading.id);
    }
    report.files.push_back(std::move(traced));
  }
  if (!options.html.empty()) write_report(options.html, report);
  const std::string text = options.json ? trace::report_json(report) : trace::report_text(report);
  std::fputs(text.c_str(), stdout);
  if (failed) return kFailed;
  return found ? kFound : kNotFound;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    trace::Options options;
    if (!trace::parse(argc, argv, options)) return kFailed;
    if (options.version) {
      std::puts("steg-trace " GST_STEG_VERSION);
      return kFound;
    }
    keep_freed_memory();
    return trace_all(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "steg-trace: %s\n", error.what());
    return kFailed;
  }
}
