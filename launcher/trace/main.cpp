// steg-trace: reads the ID from a leaked copy and says who was given it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/gst.h>
#include <malloc.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <exception>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "audit_process.hpp"
#include "follow.hpp"
#include "options.hpp"
#include "plugins/auditlog/chain.hpp"
#include "plugins/auditlog/connection.hpp"
#include "plugins/common/crypto/key.hpp"
#include "plugins/common/gst_ptr.hpp"
#include "plugins/steg/model/encoder.hpp"
#include "plugins/steg/model/extractor.hpp"
#include "plugins/steg/model/model_path.hpp"
#include "plugins/steg/model/shipped_models.hpp"
#include "progress_bar.hpp"
#include "report.hpp"
#include "report_ab.hpp"
#include "sandbox.hpp"
#include "tracer.hpp"

namespace {

constexpr std::size_t kMostRows = 1000;  ///< of an ID

/// Seconds after which a file that is followed has ended.
constexpr double kPatience = 30;

enum ExitStatus { kFound = 0, kNotFound = 1, kFailed = 2 };

constexpr char kPublicKeyNotice[] =
    "steg-trace: no --key-file was given, so marks of the public default key are read: anyone can forge these.\n";

constexpr char kNotIntact[] =
    "steg-trace: warning: under this key the audit log is not intact: rows that are not verified may be forged, and "
    "others may be missing. Run steg-audit verify.\n";

/// Opened before the work: a folder that is not there shows at once, and the sandbox lets nothing be opened later.
class ReportFile {
 public:
  explicit ReportFile(std::string path) : path_(std::move(path)), file_(path_, std::ios::binary) { check(); }

  void write(const trace::Report& report) {
    file_ << trace::report_html(report);
    file_.close();
    check();
  }

 private:
  void check() const {
    if (!file_)
      throw std::runtime_error("The report " + path_ +
                               " cannot be written. Check that its folder exists and that you may write there.");
  }

  std::string path_;
  std::ofstream file_;
};

/// The folders that GStreamer's plugins are loaded from, when they are needed.
std::vector<std::string> plugin_folders() {
  std::set<std::string> folders;
  GList* plugins = gst_registry_get_plugin_list(gst_registry_get());
  for (const GList* one = plugins; one; one = one->next) {
    const gchar* file = gst_plugin_get_filename(GST_PLUGIN(one->data));
    if (file) folders.insert(std::filesystem::path(file).parent_path().string());
  }
  gst_plugin_list_free(plugins);
  return {folders.begin(), folders.end()};
}

/// The path of a file or of its URI; empty for what comes over a network.
std::string local_path(const std::string& file) {
  if (std::filesystem::exists(file) || !gst_uri_is_valid(file.c_str())) return file;
  const gststeg::Ptr<gchar> path(g_filename_from_uri(file.c_str(), nullptr, nullptr));
  return path ? path.get() : "";
}

/// What is opened from now on is what strangers may have made.
std::string keep_in(const trace::Options& options, const std::vector<std::string>& models) {
  std::vector<std::string> readable = plugin_folders();
  readable.insert(readable.end(), models.begin(), models.end());
  bool network = false;
  for (const std::string& file : options.files) {
    readable.push_back(local_path(file));
    network = network || readable.back().empty();
  }
  return trace::enter_sandbox(readable, network);
}

/// The viewers who had tokens, by the list and by the audit log. Empty for none.
std::vector<trace::Viewers> viewers_of(const trace::Options& options, const steg::Key& key) {
  trace::ViewerGroups groups;
  if (!options.viewers.empty()) {
    const steg::Bias bias = options.uniform ? steg::Bias::uniform : steg::Bias::arcsine;
    groups.add({options.variants, bias, trace::read_names(options.viewers)});
  }
  if (!options.database.empty()) {
    for (const audit::TokenHolder& holder : audit::token_holders(options.database, options.issued, key.fingerprint()))
      groups.add(holder.viewer, holder.pattern);
  }
  return groups.take();
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

void tell_look(double time, const trace::AbTrace& ab) {
  std::fprintf(stderr, "steg-trace: %s\n", trace::ab_line(time, ab).c_str());
}

int trace_all(const trace::Options& options) {
  const steg::Key key = options.key_file.empty() ? steg::Key::public_default() : steg::Key::from_file(options.key_file);
  if (!options.key_file.empty() && steg::is_readable_by_others(options.key_file))
    std::fprintf(stderr, "steg-trace: warning: every user of this machine can read the key file %s.\n",
                 options.key_file.c_str());
  trace::TraceOptions trace_options;
  trace_options.max_p_value = options.max_p_value;
  trace_options.rate = options.rate;
  trace_options.clock = steg::DayClock(options.epoch_period);
  trace_options.search = options.search;
  trace_options.thorough = options.thorough;
  trace_options.pictures = !options.html.empty();
  if (options.follow) trace_options.patience = kPatience;
  trace_options.max_pixels = options.max_pixels;
  // Before the long work, so that a wrong URI shows at once.
  std::optional<steg::IssuedIds> issued;
  if (!options.database.empty()) {
    issued.emplace(steg::Chips(key), audit::issued_ids(options.database, options.issued));
    trace_options.issued = &*issued;
  }

  const std::vector<trace::Viewers> viewers = viewers_of(options, key);

  std::optional<trace::AuditProcess> audit_log;
  if (!options.database.empty()) {
    audit::Query query = options.issued;
    query.most = kMostRows;
    std::optional<audit::ChainKey> chain_key;
    if (!key.is_public_default()) chain_key = audit::chain_key(key);
    audit_log.emplace(options.database, query, chain_key);
  }
  std::optional<ReportFile> html;
  if (!options.html.empty()) html.emplace(options.html);

  const std::vector<std::string> models = steg::extractor_paths(options.model);
  const std::string sandbox = keep_in(options, models);
  const int cpus = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  trace_options.threads = options.threads > 0 ? options.threads : cpus;
  trace::Extractors extractors(models, [&](const std::string& path) {
    std::unique_ptr<steg::Extractor> extractor = steg::load_extractor(path, trace_options.threads);
    if (extractor->is_foreign())
      std::fprintf(stderr, "steg-trace: warning: %s\n", steg::foreign_model_warning(path).c_str());
    return extractor;
  });
  const steg::Extractor& newest = extractors.at(0);
  if (key.is_public_default()) std::fputs(kPublicKeyNotice, stderr);

  trace::Report report;
  report.version = GST_STEG_VERSION;
  report.command = options.command;
  report.made_at = utc_now();
  report.sandbox = sandbox;
  report.model = models.front();
  report.key_fingerprint = key.fingerprint();
  report.public_key = key.is_public_default();
  report.model_fingerprint = newest.fingerprint();
  report.max_p_value = options.max_p_value;
  if (!options.database.empty()) report.database = audit::without_password(options.database);

  bool failed = false;
  bool shown = false;  // segments, and no viewers were given
  std::set<std::string> found;
  for (const std::string& file : options.files) {
    trace::ProgressBar bar("Looking for the picture in " + file);
    trace_options.progress = [&bar](double done) { bar.show(done); };
    if (options.verbose) {
      trace_options.report = [&](const std::string& step) {
        bar.clear();
        std::fprintf(stderr, "steg-trace: %s: %s\n", file.c_str(), step.c_str());
      };
    }
    trace::FileTrace traced = options.follow
                                  ? trace::follow_file(file, key, extractors, trace_options, viewers, tell_look)
                                  : trace::trace_file(file, key, extractors, trace_options);
    bar.clear();
    if (options.json || !options.html.empty()) traced.evidence = trace::evidence_file(file);
    if (!traced.error.empty()) {
      failed = true;
      std::fprintf(stderr, "steg-trace: %s: %s\n", file.c_str(), traced.error.c_str());
    }
    for (const trace::Segment& segment : traced.segments) found.insert(segment.reading.id);
    if (traced.ab) {
      if (!options.follow) trace::score(*traced.ab, key, viewers, options.max_p_value);
      for (const trace::ScoredViewer& viewer : traced.ab->scored)
        if (viewer.named) found.insert(viewer.name);
      shown = shown || viewers.empty();
    }
    report.files.push_back(std::move(traced));
  }
  if (audit_log && !found.empty()) {
    trace::AuditAnswer answer = audit_log->rows_of(found);
    report.audit = std::move(answer.rows);
    if (!key.is_public_default()) report.audit_intact = answer.intact;
    if (!report.audit_intact.value_or(true)) std::fputs(kNotIntact, stderr);
  }
  if (html) html->write(report);
  const std::string text = options.json ? trace::report_json(report) : trace::report_text(report);
  std::fputs(text.c_str(), stdout);
  if (failed) return kFailed;
  return found.empty() && !shown ? kNotFound : kFound;
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
