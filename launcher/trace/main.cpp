// steg-trace: reads the ID from a leaked copy and says who was given it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/gst.h>

#include <cmath>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "plugins/common/gst_ptr.hpp"
#include "plugins/steg/model/encoder.hpp"
#include "plugins/steg/model/extractor.hpp"
#include "plugins/steg/watermark/key.hpp"
#include "report.hpp"
#include "tracer.hpp"

namespace {

using gststeg::Ptr;

enum ExitStatus { kFound = 0, kNotFound = 1, kFailed = 2 };

constexpr char kSummary[] =
    "Finds the ID that stegencode put into a video or an image, from copies that show the whole picture at any size.\n"
    "FILE is anything that GStreamer can decode, or a URI.\n\n"
    "Exit status: 0 an ID was found, 1 none was found, 2 something could not be read.";

constexpr char kPublicKeyNotice[] =
    "steg-trace: no --key-file was given, so marks of the public default key are read: anyone can forge these.\n";

struct Options {
  Ptr<gchar> key_file;
  Ptr<gchar> database;
  Ptr<gchar> model;
  gboolean json = FALSE;
  gboolean version = FALSE;
  gdouble max_p_value = steg::kDefaultMaxPValue;
  gdouble rate = 10.0;
  gint threads = 0;
  std::vector<std::string> files;
};

struct FreeContext {
  void operator()(GOptionContext* context) const { g_option_context_free(context); }
};
struct FreeNames {
  void operator()(gchar** names) const { g_strfreev(names); }
};

/// Nothing is thrown for a wrong call: false, after its message.
bool parse(int argc, char** argv, Options& options) {
  gchar* key_file = nullptr;
  gchar* database = nullptr;
  gchar* model = nullptr;
  gchar** files = nullptr;
  const GOptionEntry entries[] = {
      {"key-file", 'k', 0, G_OPTION_ARG_FILENAME, &key_file,
       "Secret key that the marks were made with (64 hexadecimal digits); default: the public key", "FILE"},
      {"database", 'd', 0, G_OPTION_ARG_STRING, &database,
       "Audit log to look the IDs up in, such as sqlite:steg-audit.db or postgresql://user@host/name; the IDs in it "
       "are tried, too, which finds weaker marks",
       "URI"},
      {"json", 'j', 0, G_OPTION_ARG_NONE, &options.json, "Print JSON instead of a table", nullptr},
      {"max-p-value", 'p', 0, G_OPTION_ARG_DOUBLE, &options.max_p_value,
       "Report an ID if the probability of a false report is at most this (default: 1e-9)", "P"},
      {"rate", 'r', 0, G_OPTION_ARG_DOUBLE, &options.rate,
       "Take at most this many frames per second of video (default: 10)", "N"},
      {"model", 'm', 0, G_OPTION_ARG_FILENAME, &model,
       "Extractor network (default: extractor.pt in $GST_STEG_MODEL_PATH, else as installed)", "FILE"},
      {"threads", 't', 0, G_OPTION_ARG_INT, &options.threads, "Threads for the network (default: one per CPU)", "N"},
      {"version", 0, 0, G_OPTION_ARG_NONE, &options.version, "Print the version", nullptr},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files, nullptr, "FILE…"},
      {nullptr, 0, 0, G_OPTION_ARG_NONE, nullptr, nullptr, nullptr}};
  const std::unique_ptr<GOptionContext, FreeContext> context(g_option_context_new(nullptr));
  g_option_context_set_summary(context.get(), kSummary);
  g_option_context_add_main_entries(context.get(), entries, nullptr);
  g_option_context_add_group(context.get(), gst_init_get_option_group());
  GError* raw_error = nullptr;
  const bool parsed = g_option_context_parse(context.get(), &argc, &argv, &raw_error) != FALSE;
  options.key_file.reset(key_file);
  options.database.reset(database);
  options.model.reset(model);
  const std::unique_ptr<gchar*, FreeNames> names(files);
  for (gchar** name = files; name && *name; ++name) options.files.emplace_back(*name);

  std::string wrong;
  if (!parsed) {
    const Ptr<GError> error(raw_error);
    wrong = error->message;
  } else if (options.version) {
    return true;
  } else if (options.files.empty()) {
    wrong = "no file is given";
  } else if (!(options.max_p_value > 0.0 && options.max_p_value <= 1.0)) {
    wrong = "--max-p-value must be more than 0 and at most 1";
  } else if (!(options.rate > 0.0 && std::isfinite(options.rate))) {
    wrong = "--rate must be more than 0";
  } else if (options.threads < 0 || options.threads > 1024) {
    wrong = "--threads must be 1 to 1024, or 0 for one per CPU";
  }
  if (!wrong.empty()) std::fprintf(stderr, "steg-trace: %s. Try steg-trace --help.\n", wrong.c_str());
  return wrong.empty();
}

int trace_all(const Options& options) {
  const steg::Key key = options.key_file ? steg::Key::from_file(options.key_file.get()) : steg::Key::public_default();
  trace::TraceOptions trace_options;
  trace_options.max_p_value = options.max_p_value;
  trace_options.rate = options.rate;
  // Before the long work, so that a wrong URI shows at once.
  std::optional<steg::IssuedIds> issued;
  if (options.database) {
    issued.emplace(steg::Chips(key), audit::issued_ids(options.database.get()));
    trace_options.issued = &*issued;
  }

  const std::string model = options.model ? options.model.get() : steg::default_model_path("extractor.pt");
  const int cpus = static_cast<int>(std::thread::hardware_concurrency());
  const std::unique_ptr<steg::Extractor> extractor =
      steg::load_extractor(model, options.threads > 0 ? options.threads : std::max(1, cpus));
  if (key.is_public_default()) std::fputs(kPublicKeyNotice, stderr);

  trace::Report report;
  report.key_fingerprint = key.fingerprint();
  report.public_key = key.is_public_default();
  report.model_fingerprint = extractor->fingerprint();
  report.max_p_value = options.max_p_value;
  if (options.database) report.database = options.database.get();

  bool failed = false;
  bool found = false;
  for (const std::string& file : options.files) {
    trace::FileTrace traced = trace::trace_file(file, key, *extractor, trace_options);
    if (!traced.error.empty()) {
      failed = true;
      std::fprintf(stderr, "steg-trace: %s: %s\n", file.c_str(), traced.error.c_str());
    }
    for (const trace::Segment& segment : traced.segments) {
      found = true;
      if (options.database && report.audit.count(segment.reading.id) == 0)
        report.audit[segment.reading.id] = audit::find_by_id(report.database, segment.reading.id);
    }
    report.files.push_back(std::move(traced));
  }
  const std::string text = options.json ? trace::report_json(report) : trace::report_text(report);
  std::fputs(text.c_str(), stdout);
  if (failed) return kFailed;
  return found ? kFound : kNotFound;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Options options;
    if (!parse(argc, argv, options)) return kFailed;
    if (options.version) {
      std::puts("steg-trace " GST_STEG_VERSION);
      return kFound;
    }
    return trace_all(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "steg-trace: %s\n", error.what());
    return kFailed;
  }
}
