// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bench.hpp"

#include <gst/pbutils/pbutils.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>

#include "../work_folder.hpp"
#include "butteraugli.hpp"
#include "encoder.hpp"
#include "format.hpp"
#include "model_path.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace robustness {
namespace {

constexpr const char* kId = "TRACE-7";

/// Of the video's picture; 0 if it cannot be told.
int lines_of(const std::filesystem::path& path) {
  const gststeg::Ptr<GstDiscoverer> discoverer(gst_discoverer_new(10 * GST_SECOND, nullptr));
  const gststeg::Ptr<gchar> uri(gst_filename_to_uri(path.c_str(), nullptr));
  const gststeg::Ptr<GstDiscovererInfo> info(gst_discoverer_discover_uri(discoverer.get(), uri.get(), nullptr));
  if (!info) return 0;
  GList* streams = gst_discoverer_info_get_video_streams(info.get());
  const int lines =
      streams ? static_cast<int>(gst_discoverer_video_info_get_height(GST_DISCOVERER_VIDEO_INFO(streams->data))) : 0;
  gst_discoverer_stream_info_list_free(streams);
  return lines;
}

/// `lines`: see Source; of files with fewer there is no source.
std::vector<Source> sources_in(const std::string& folder, const std::string& match, bool still, int lines) {
  std::vector<Source> sources;
  if (folder.empty()) return sources;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (!entry.is_regular_file() || name.find(match) == std::string::npos) continue;
    if (lines == 0 || lines_of(entry.path()) >= lines) sources.push_back({entry.path(), still, lines});
  }
  std::sort(sources.begin(), sources.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
  return sources;
}

/// Whether the unmarked clip is coded, too, for what the mark adds to the bit rate.
bool compares_rates(const Attack& attack) { return attack.name == "crf23" || attack.name == "crf28"; }

class Bench {
 public:
  explicit Bench(const Options& options) : options_(options) {
    for (const int lines : options.lines) add(sources_in(options.clips, options.match, false, lines));
    add(sources_in(options.stills, options.match, true, 0));
    if (!options.frames.empty()) {
      frames_.emplace(options.frames);
      *frames_ << "clip,attack,time,epoch,pilot,mean_z,bit_accuracy,signature,found\n";
    }
    results_.encoder = steg::load_encoder(steg::model_path(options.encoder, "encoder.pt"), 1)->fingerprint();
    results_.extractor = load_extractor()->fingerprint();
    results_.strength = options.strength;
    results_.seconds = options.seconds;
    results_.read_rate = options.rate;
    if (options.look_at > 0) results_.no_butteraugli = why_no_butteraugli();
    if (!results_.no_butteraugli.empty()) say(results_.no_butteraugli);
    done_.resize(sources_.size());
  }

  Results run() {
    std::vector<std::thread> workers;
    workers.reserve(static_cast<std::size_t>(options_.jobs));
    for (int i = 0; i < options_.jobs; ++i) workers.emplace_back([this] { work(); });
    for (std::thread& worker : workers) worker.join();
    if (results_.clips.empty()) throw std::runtime_error("No clip could be measured.");
    return results_;
  }

 private:
  void add(const std::vector<Source>& sources) { sources_.insert(sources_.end(), sources.begin(), sources.end()); }
  std::unique_ptr<steg::Extractor> load_extractor() const {
    return steg::load_extractor(steg::model_path(options_.extractor, "extractor.pt"), 1);
  }

  MarkOptions mark_options() const {
    return {kId, options_.seconds, options_.strength, options_.residual_interval, options_.encoder};
  }

  void work() {
    std::unique_ptr<steg::Extractor> extractor;
    for (std::size_t next = next_++; next < sources_.size(); next = next_++) {
      const Source& source = sources_[next];
      try {
        if (!extractor) extractor = load_extractor();
        finish(next, measure_clip(source, *extractor));
      } catch (const std::exception& error) {
        say(source.path.filename().string() + " is left out: " + error.what());
      }
    }
  }

  ClipResult measure_clip(const Source& source, steg::Extractor& extractor) {
    const WorkFolder folder(options_.work, options_.keep);
    if (options_.keep) say(source.path.filename().string() + " is in " + folder.path().string());
    FidelityMeter* meter = nullptr;
    std::optional<FidelityMeter> own_meter;
    const auto watch = [&](const Clip& clip, int number, const Luma& original, const Luma& marked) {
      if (!meter) {
        own_meter.emplace(std::max(1, static_cast<int>(std::lround(clip.rate() / options_.rate))));
        meter = &*own_meter;
      }
      meter->add(original, marked, !clip.key_frames.empty() && clip.key_frames.back() == number);
    };
    const Clip clip = mark(source, mark_options(), folder.path(), watch);
    ClipResult result;
    result.clip = clip.name();
    result.still = clip.source.still;
    result.lines = clip.source.lines;
    result.width = clip.width;
    result.height = clip.height;
    result.rate = clip.rate();
    result.frames = clip.frames;
    result.fidelity = meter->result();
    say(clip.name() + ": " + std::to_string(clip.frames) + " frames of " + std::to_string(clip.width) + "x" +
        std::to_string(clip.height) + ", PSNR-Y " + number(result.fidelity.psnr, 2) + " dB, worst frame " +
        number(result.fidelity.worst_psnr, 2));
    if (options_.look_at > 0 && results_.no_butteraugli.empty()) {
      result.visibility = measure_visibility(clip, options_.look_at, folder.path());
      const Visibility mark = overall(result.visibility, kMarkItself, 1);
      say(clip.name() + ": Butteraugli of the mark, 3-norm " + number(mark.norm3, 2) + ", maximum " +
          number(mark.maximum, 2) + "; of x264 at CRF 18 " + number(overall(result.visibility, "crf18", 1).norm3, 2));
    }
    for (const Attack& attack : clip.source.still ? options_.still_attacks : options_.attacks)
      if (attack.applies_to(clip)) result.attacks.push_back(measure_attack(attack, clip, folder.path(), extractor));
    return result;
  }

  AttackResult measure_attack(const Attack& attack, const Clip& clip, const std::filesystem::path& folder,
                              steg::Extractor& extractor) {
    if (attack.seen() > 0) return measure_subtraction(attack, clip, folder, extractor);
    const std::filesystem::path copy = perform(attack, clip, clip.marked, true, folder);
    AttackResult result;
    result.attack = attack.name;
    if (attack.is_traced()) {
      result.tracing = trace_copy(options_.tracer, copy, kId);
      const Tracing& t = result.tracing;
      say(clip.name() + " " + attack.name + ": " + (t.found ? "found, S " + number(t.signature, 1) : "not found") +
          (t.how.empty() ? "" : " (" + t.how + ")") + ", " + number(t.cpu_seconds, 1) + " s of CPU");
      warn_of_wrong(clip, attack, t.wrong);
      return result;
    }
    ReadPlan plan{kId, options_.rate, {}};
    if (frames_) plan.each_frame = [&](const FrameReading& frame) { note(clip, attack, frame); };
    result.recovery = read_copy(copy, plan, extractor);
    if (compares_rates(attack)) {
      const auto bytes = static_cast<double>(std::filesystem::file_size(copy));
      const auto unmarked = std::filesystem::file_size(perform(attack, clip, clip.original, false, folder));
      result.unmarked_kbps = result.recovery.kbps * static_cast<double>(unmarked) / bytes;
    }
    const Recovery& r = result.recovery;
    say(clip.name() + " " + attack.name + ": 1 frame " + percent(r.frames) + ", 1 s " + percent(r.windows[0]) + ", z " +
        number(r.mean_z, 2) + ", " + number(r.kbps, 0) + " kbit/s");
    warn_of_wrong(clip, attack, r.wrong);
    return result;
  }

  AttackResult measure_subtraction(const Attack& attack, const Clip& clip, const std::filesystem::path& folder,
                                   steg::Extractor& extractor) {
    const auto encoder = steg::load_encoder(steg::model_path(options_.encoder, "encoder.pt"), 1);
    AttackResult result;
    result.attack = attack.name;
    const SubtractionPlan plan{mark_options(), attack.seen(), {kId, options_.rate, {}}};
    Subtraction& s = result.subtraction;
    result.recovery = subtract_mark(clip, plan, *encoder, extractor, folder, s);
    say(clip.name() + " " + attack.name + ": S " + number(s.before.signature, 1) + " to " +
        number(s.after.signature, 1) + ", " + (s.after.found ? "still read" : "gone") + ", PSNR-Y " +
        number(s.before.psnr, 2) + " to " + number(s.after.psnr, 2));
    warn_of_wrong(clip, attack, result.recovery.wrong);
    return result;
  }

  void warn_of_wrong(const Clip& clip, const Attack& attack, int wrong) {
    if (wrong > 0)
      say("!!! " + clip.name() + " " + attack.name + ": A WRONG ID WAS REPORTED " + std::to_string(wrong) +
          " TIMES. That must not happen once in a thousand million readings.");
  }

  void note(const Clip& clip, const Attack& attack, const FrameReading& frame) {
    const std::lock_guard<std::mutex> lock(lock_);
    *frames_ << clip.name() << ',' << attack.name << ',' << frame.time << ',' << frame.epoch << ',' << frame.pilot
             << ',' << frame.mean_z << ',' << frame.bit_accuracy << ',' << frame.signature << ',' << frame.found
             << '\n';
  }

  /// Keeps the results in the order of the sources, and on disk whatever happens later.
  void finish(std::size_t index, ClipResult result) {
    const std::lock_guard<std::mutex> lock(lock_);
    done_[index] = std::move(result);
    results_.clips.clear();
    for (const auto& clip : done_)
      if (clip) results_.clips.push_back(*clip);
    if (!options_.json.empty()) write_json(results_, options_.json);
  }

  void say(const std::string& line) {
    const std::lock_guard<std::mutex> lock(lock_);
    std::fprintf(stderr, "%s\n", line.c_str());
  }

  const Options& options_;
  std::vector<Source> sources_;
  std::atomic<std::size_t> next_{0};
  std::mutex lock_;  ///< guards the four below, and stderr
  Results results_;
  std::vector<std::optional<ClipResult>> done_;
  std::optional<std::ofstream> frames_;
};

}  // namespace

Results measure(const Options& options) { return Bench(options).run(); }

}  // namespace robustness
