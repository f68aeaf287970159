// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/gst.h>

#include <cmath>
#include <ctime>
#include <filesystem>
#include <set>
#include <thread>
#include <utility>

#include "conversion.hpp"
#include "findings_json.hpp"
#include "launcher/trace/evidence_file.hpp"
#include "launcher/trace/follow.hpp"
#include "launcher/trace/frame_store.hpp"
#include "launcher/trace/sandbox.hpp"
#include "plugins/common/crypto/key.hpp"
#include "plugins/common/gst_ptr.hpp"
#include "plugins/steg/model/extractor.hpp"
#include "plugins/steg/model/model_path.hpp"
#include "plugins/steg/model/shipped_models.hpp"
#include "plugins/steg/watermark/segment_mark.hpp"
#include "pushed_frame.hpp"
#include "steg-trace.hpp"

namespace steg_trace {
namespace {

static_assert(kDefaultMaxPixels == trace::kDefaultMaxPixels);

/// Seconds after which a file that is followed has ended.
constexpr double kPatience = 30;

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

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text.data();
}

steg::Key key_of(const Options& options) {
  if (!options.key.empty()) return steg::Key::from_hex(options.key);
  return options.key_file.empty() ? steg::Key::public_default() : steg::Key::from_file(options.key_file);
}

/// What of the inside throws, as an Error.
template <class Work>
auto as_error(const Work& work) {
  try {
    return work();
  } catch (const Error&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw Error(error.what());
  }
}

void start_gstreamer() {
  GError* raw = nullptr;
  if (gst_is_initialized() || gst_init_check(nullptr, nullptr, &raw)) return;
  const gststeg::Ptr<GError> error(raw);
  throw Error(std::string("GStreamer does not start: ") + (error ? error->message : "it does not say why"));
}

}  // namespace

void check(const Options& options) {
  if (!options.key.empty() && !options.key_file.empty())
    throw Error("key and key-file are two ways to say the same: give one");
  if (!(options.max_p_value > 0.0 && options.max_p_value <= 1.0))
    throw Error("max-p-value must be more than 0 and at most 1");
  if (!(options.rate > 0.0 && std::isfinite(options.rate))) throw Error("rate must be more than 0");
  if (!(options.epoch_period >= 1e-3 && options.epoch_period <= 86400.0))
    throw Error("epoch-period must be 0.001 to 86400 seconds, as stegencode's epoch-period was");
  if (options.threads < 0 || options.threads > 1024) throw Error("threads must be 1 to 1024, or 0 for one per CPU");
  if (options.max_pixels < 1) throw Error("max-pixels must be 1 or more");
  for (const Viewers& group : options.viewers) {
    if (group.variants < 2 || group.variants > steg::kMostVariants)
      throw Error("variants must be 2 to 4, as many as the stream has");
  }
}

struct Tracer::Impl {
  explicit Impl(Options given)
      : options(std::move(given)),
        key(key_of(options)),
        models(steg::extractor_paths(options.model)),
        extractors(models, [this](const std::string& path) { return load(path); }) {
    inside.max_p_value = options.max_p_value;
    inside.rate = options.rate;
    inside.clock = steg::DayClock(options.epoch_period);
    inside.search = options.search;
    inside.thorough = options.thorough;
    inside.pictures = options.pictures;
    inside.max_pixels = options.max_pixels;
    inside.progress = options.progress;
    inside.report = options.step;
    const int cpus = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    inside.threads = options.threads > 0 ? options.threads : cpus;
    if (!options.issued_ids.empty()) inside.issued = &issued.emplace(steg::Chips(key), std::move(options.issued_ids));
    for (Viewers& group : options.viewers) {
      const steg::Bias bias = group.uniform ? steg::Bias::uniform : steg::Bias::arcsine;
      viewers.push_back({group.variants, bias, std::move(group.names)});
    }
  }

  Findings findings(trace::FileTrace traced) const {
    trace::EvidenceFile evidence;
    if (options.hash && !traced.file.empty()) evidence = trace::evidence_file(traced.file);
    Findings findings = findings_of(std::move(traced));
    findings.sha256 = std::move(evidence.sha256);
    findings.bytes = evidence.bytes;
    findings.modified = std::move(evidence.modified);
    return findings;
  }

  Findings scored(trace::FileTrace traced) const {
    if (traced.ab) trace::score(*traced.ab, key, viewers, options.max_p_value);
    return findings(std::move(traced));
  }

  trace::FrameStore& store() {
    if (!frames) frames = std::make_unique<trace::FrameStore>(options.rate);
    return *frames;
  }

  std::unique_ptr<steg::Extractor> load(const std::string& path) {
    std::unique_ptr<steg::Extractor> extractor = steg::load_extractor(path, 1);
    if (extractor->is_foreign() && options.warning) options.warning(steg::foreign_model_warning(path));
    return extractor;
  }

  Options options;
  steg::Key key;
  std::vector<std::string> models;
  trace::Extractors extractors;
  trace::TraceOptions inside;
  std::optional<steg::IssuedIds> issued;
  std::vector<trace::Viewers> viewers;
  std::unique_ptr<trace::FrameStore> frames;  ///< that were pushed
  std::string sandbox = "none";
};

Tracer::Tracer(Options options) {
  check(options);
  start_gstreamer();
  impl_ = as_error([&] { return std::make_unique<Impl>(std::move(options)); });
}

Tracer::~Tracer() = default;

std::string Tracer::confine(const std::vector<std::string>& files) {
  // The file that frames are kept in is opened while that is allowed.
  if (files.empty()) as_error([this] { impl_->store(); });
  // What asks for the proxy of an address would read it from dconf, which complains where it may not write its cache.
  g_setenv("GSETTINGS_BACKEND", "memory", TRUE);
  std::vector<std::string> readable = plugin_folders();
  readable.insert(readable.end(), impl_->models.begin(), impl_->models.end());
  bool network = false;
  for (const std::string& file : files) {
    readable.push_back(local_path(file));
    network = network || readable.back().empty();
  }
  impl_->sandbox = trace::enter_sandbox(readable, network);
  return impl_->sandbox;
}

void Tracer::load() {
  as_error([this] { impl_->extractors.at(0); });
}

Findings Tracer::read(const std::string& file) {
  return as_error([&] {
    load();
    return impl_->scored(trace::trace_file(file, impl_->key, impl_->extractors, impl_->inside));
  });
}

void Tracer::push(const Frame& frame) {
  as_error([&] {
    const trace::MediaFrame checked = media_frame_of(frame, impl_->options.max_pixels);
    trace::FrameStore& store = impl_->store();
    if (checked.time < store.last_time())
      throw Error(
          "The frame's time lies before that of the frame pushed before. Push frames in the order of their times.");
    store.add(checked);
  });
}

Findings Tracer::finish() {
  return as_error([this] {
    if (!impl_->frames || impl_->frames->empty()) throw Error("No frame was pushed.");
    load();
    trace::FrameStore& store = *impl_->frames;
    const auto open = [&store](int) { return store.open(); };
    Findings findings = impl_->scored(trace::trace_frames({}, open, impl_->key, impl_->extractors, impl_->inside));
    store.clear();
    return findings;
  });
}

Findings Tracer::follow(const std::string& file, const std::function<void(double time, const AbStream&)>& tell) {
  return as_error([&] {
    load();
    trace::TraceOptions options = impl_->inside;
    options.patience = kPatience;
    const auto hand_on = [&tell](double time, const trace::AbTrace& ab) { tell(time, ab_stream_of(ab)); };
    return impl_->findings(trace::follow_file(file, impl_->key, impl_->extractors, options, impl_->viewers, hand_on));
  });
}

Run Tracer::run() {
  load();
  Run run;
  run.version = GST_STEG_VERSION;
  run.made_at = utc_now();
  run.model = impl_->models.front();
  run.model_fingerprint = impl_->extractors.at(0).fingerprint();
  run.key_fingerprint = impl_->key.fingerprint();
  run.public_key = impl_->key.is_public_default();
  run.sandbox = impl_->sandbox;
  run.max_p_value = impl_->options.max_p_value;
  return run;
}

std::string Tracer::json(const Findings& findings) {
  JsonWriter json;
  json.begin_object();
  write_run(json, run());
  json.begin_array("files");
  write_file(json, findings, {});
  json.end_array();
  json.end_object();
  return json.finish();
}

}  // namespace steg_trace
