// steg-trace: reads the ID from a leaked copy and says who was given it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <malloc.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "audit_process.hpp"
#include "launcher/config/token_file.hpp"
#include "launcher/trace/library/steg-trace.hpp"
#include "options.hpp"
#include "plugins/auditlog/chain.hpp"
#include "plugins/auditlog/connection.hpp"
#include "plugins/common/crypto/key.hpp"
#include "plugins/common/crypto/key_text.hpp"
#include "progress_bar.hpp"
#include "report.hpp"
#include "report_ab.hpp"
#include "revoker.hpp"
#include "viewers.hpp"

namespace tool = steg_trace::tool;

namespace {

constexpr std::size_t kMostRows = 1000;  ///< of an ID

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

  void write(const tool::Report& report) {
    file_ << tool::report_html(report);
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

/// The viewers who had tokens, by the list and by the audit log. Empty for none.
std::vector<steg_trace::Viewers> viewers_of(const tool::Options& options, const steg::Key& key) {
  tool::ViewerGroups groups;
  if (!options.viewers.empty()) groups.add({options.variants, options.uniform, tool::read_names(options.viewers)});
  if (!options.database.empty()) {
    for (const audit::TokenHolder& holder : audit::token_holders(options.database, options.issued, key.fingerprint()))
      groups.add(holder.viewer, holder.pattern);
  }
  return groups.take();
}

/// What is read of the files, and with what. Asks the audit log, so that a wrong URI shows before the long work.
steg_trace::Options reading_of(const tool::Options& options, const steg::Key& key) {
  steg_trace::Options reading = options.reading;
  reading.pictures = !options.html.empty();
  reading.hash = options.json || reading.pictures;
  if (!options.database.empty()) reading.issued_ids = audit::issued_ids(options.database, options.issued);
  reading.viewers = viewers_of(options, key);
  reading.warning = [](const std::string& text) { std::fprintf(stderr, "steg-trace: warning: %s\n", text.c_str()); };
  return reading;
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

/// Says on the error output what is done with the file at hand.
class Watch {
 public:
  explicit Watch(bool verbose) : verbose_(verbose) {}

  void begin(const std::string& file) {
    file_ = file;
    bar_.emplace("Looking for the picture in " + file);
  }
  void end() { bar_.reset(); }

  void connect(steg_trace::Options& reading) {
    reading.progress = [this](double done) { bar_->show(done); };
    if (!verbose_) return;
    reading.step = [this](const std::string& step) {
      bar_->clear();
      std::fprintf(stderr, "steg-trace: %s: %s\n", file_.c_str(), step.c_str());
    };
  }

 private:
  bool verbose_;
  std::string file_;
  std::optional<tool::ProgressBar> bar_;
};

void tell_look(double time, const steg_trace::AbStream& ab) {
  std::fprintf(stderr, "steg-trace: %s\n", tool::ab_line(time, ab).c_str());
}

/// Tokens of who is named at the significance that was asked for, and of nobody else. False, after a message, if one
/// could not be revoked.
bool revoke_named(tool::Revoker& revoker, const steg_trace::AbStream& ab, const std::string& where) {
  bool done = true;
  for (const steg_trace::ScoredViewer& viewer : ab.scored) {
    if (!viewer.named) continue;
    try {
      const std::size_t count = revoker.revoke(viewer.name);
      std::fprintf(stderr, "steg-trace: %s: %zu token%s revoked at %s\n", viewer.name.c_str(), count,
                   count == 1 ? "" : "s", where.c_str());
    } catch (const tool::HelperError& error) {
      done = false;
      std::fprintf(stderr,
                   "steg-trace: %s: the tokens are not revoked: %s\n"
                   "steg-trace: %s may go on watching. When that is mended, revoke them on the page or by DELETE "
                   "%s/tokens/ID (GET /tokens lists them), or run this again.\n",
                   viewer.name.c_str(), error.what(), viewer.name.c_str(), where.c_str());
    }
  }
  return done;
}

/// What the audit log has of whom was found. False, after a message, if it cannot be asked any more: the long work is
/// done, and the report says the rest.
bool add_rows(tool::Report& report, tool::AuditProcess& log, const std::set<std::string>& found, bool verified) {
  try {
    tool::AuditAnswer answer = log.rows_of(found);
    report.audit = std::move(answer.rows);
    if (verified) report.audit_intact = answer.intact;
    if (!report.audit_intact.value_or(true)) std::fputs(kNotIntact, stderr);
    return true;
  } catch (const tool::HelperError& error) {
    std::fprintf(stderr,
                 "steg-trace: the report has no rows of the audit log, which cannot be read any more: %s\n"
                 "steg-trace: when it can, 'steg-audit list' has them, or run this again.\n",
                 error.what());
    report.database.clear();
    report.audit_unread = true;
    return false;
  }
}

int trace_all(tool::Options options) {
  // Read once: it may be a pipe.
  steg::Key key = steg::Key::public_default();
  if (!options.reading.key_file.empty()) {
    if (steg::is_readable_by_others(options.reading.key_file))
      std::fprintf(stderr, "steg-trace: warning: every user of this machine can read the key file %s.\n",
                   options.reading.key_file.c_str());
    options.reading.key = steg::key_text_from_file(options.reading.key_file);
    options.reading.key_file.clear();
    key = steg::Key::from_hex(options.reading.key);
  }
  steg_trace::Options reading = reading_of(options, key);
  Watch watch(options.verbose);
  watch.connect(reading);

  std::optional<tool::AuditProcess> audit_log;
  if (!options.database.empty()) {
    audit::Query query = options.issued;
    query.most = kMostRows;
    std::optional<audit::ChainKey> chain_key;
    if (!key.is_public_default()) chain_key = audit::chain_key(key);
    audit_log.emplace(options.database, query, chain_key);
  }
  std::optional<tool::Revoker> revoker;
  if (!options.revoke_at.empty())
    revoker.emplace(options.revoke_at, options.token_file.empty() ? "" : launcher::read_token_file(options.token_file));
  std::optional<ReportFile> html;
  if (!options.html.empty()) html.emplace(options.html);

  steg_trace::Tracer tracer(std::move(reading));
  // What is opened from now on is what strangers may have made.
  tracer.confine(options.files);
  tracer.load();
  if (key.is_public_default()) std::fputs(kPublicKeyNotice, stderr);

  tool::Report report{tracer.run(), {}, {}, {}, {}, {}};
  report.command = options.command;
  if (!options.database.empty()) report.database = audit::without_password(options.database);

  bool failed = false;
  bool shown = false;  // segments, and no viewers were given
  std::set<std::string> found;
  for (const std::string& file : options.files) {
    watch.begin(file);
    steg_trace::Findings findings = options.follow ? tracer.follow(file, tell_look) : tracer.read(file);
    watch.end();
    if (revoker && findings.ab && !revoke_named(*revoker, *findings.ab, options.revoke_at)) failed = true;
    if (!findings.error.empty()) {
      failed = true;
      std::fprintf(stderr, "steg-trace: %s: %s\n", file.c_str(), findings.error.c_str());
    }
    for (const steg_trace::Segment& segment : findings.segments) found.insert(segment.id);
    if (findings.ab) {
      for (const steg_trace::ScoredViewer& viewer : findings.ab->scored)
        if (viewer.named) found.insert(viewer.name);
      shown = shown || findings.ab->viewers == 0;
    }
    report.files.push_back(std::move(findings));
  }
  if (audit_log && !found.empty() && !add_rows(report, *audit_log, found, !key.is_public_default())) failed = true;
  if (html) html->write(report);
  const std::string text = options.json ? tool::report_json(report) : tool::report_text(report);
  std::fputs(text.c_str(), stdout);
  if (failed) return kFailed;
  return found.empty() && !shown ? kNotFound : kFound;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    tool::Options options;
    if (!tool::parse(argc, argv, options)) return kFailed;
    if (options.version) {
      std::puts("steg-trace " GST_STEG_VERSION);
      return kFound;
    }
    keep_freed_memory();
    return trace_all(std::move(options));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "steg-trace: %s\n", error.what());
    return kFailed;
  }
}
