// SPDX-License-Identifier: LGPL-2.1-or-later
#include "subtraction.hpp"

#include <algorithm>
#include <cmath>

#include "eraser.hpp"
#include "frame_pictures.hpp"
#include "launcher/trace/frame_sampler.hpp"
#include "plugins/steg/watermark/chips.hpp"
#include "process.hpp"
#include "ssim.hpp"
#include "video_pass.hpp"
#include "visibility.hpp"
#include "y4m_file.hpp"

namespace robustness {
namespace {

using Path = std::filesystem::path;

constexpr double kShortSeconds = 10;
constexpr double kLearnRate = 5;  ///< frames a second: neighbours say much the same
constexpr double kStrengths[] = {0.5, 0.75, 1, 1.5, 2};

/// As the part crf23 of attacks, with key frames where they are asked for.
std::string encoder_words(const Clip& clip, const Path& out) {
  const int interval = std::max(1, static_cast<int>(std::lround(2 * clip.rate())));
  return "x264enc pass=qual quantizer=23 speed-preset=veryfast tune=zerolatency bframes=0 threads=1 key-int-max=" +
         std::to_string(interval) + " ! h264parse ! matroskamux ! filesink location=" + quoted(out);
}

std::string decoder_words(const Path& copy) {
  return "filesrc location=" + quoted(copy) +
         " ! decodebin ! videoconvert ! video/x-raw,format=I420 ! identity name=frames ! ";
}

class Subtracting {
 public:
  Subtracting(const Clip& clip, const SubtractionPlan& plan, steg::Encoder& encoder, steg::Extractor& extractor,
              Path folder)
      : clip_(clip),
        plan_(plan),
        extractor_(extractor),
        folder_(std::move(folder)),
        repeats_(encoder.chip_format() == steg::ChipFormat::legacy),
        eraser_(encoder, extractor, {clip.width / 2 * 2, clip.height / 2 * 2, clip.width / 2, clip.height / 2}) {}

  Recovery run(Subtraction& result) {
    const Path stream = mark_stream(std::max(plan_.seen, kAttackedSeconds));
    learn(stream);
    const Path copy = beginning_of(stream, kAttackedSeconds, "copy.mkv");
    result.seen = plan_.seen;
    result.before = state(copy, read_copy(copy, plan_.read, extractor_));
    Path best;
    Recovery recovery;
    for (const double strength : kStrengths) {
      const Path attempt = attack(copy, strength, "attacked-" + std::to_string(strength) + ".mkv");
      const Recovery left = read_copy(attempt, plan_.read, extractor_);
      if (!best.empty() && left.signature >= recovery.signature) continue;
      recovery = left;
      best = attempt;
      result.strength = strength;
      if (recovery.whole.found == 0) break;  // More would only cost more of the picture.
    }
    result.after = state(best, recovery);
    result.looked_at = why_no_butteraugli().empty();
    return recovery;
  }

 private:
  Path mark_stream(double seconds) {
    const Path out = folder_ / "stream.mkv";
    const ProgramOutput looped({"ffmpeg", "-nostdin", "-loglevel", "error", "-stream_loop", "-1", "-i",
                                clip_.original.string(), "-vf", "crop=trunc(iw/2)*2:trunc(ih/2)*2:0:0", "-frames:v",
                                std::to_string(std::lround(seconds * clip_.rate())), "-pix_fmt", "yuv420p", "-f",
                                "yuv4mpegpipe", "-"});
    std::string marking = "stegencode id=" + quoted(plan_.mark.id) +
                          " strength=" + std::to_string(plan_.mark.strength) +
                          " residual-interval=" + std::to_string(plan_.mark.residual_interval);
    if (!plan_.mark.model.empty()) marking += " model=" + quoted(plan_.mark.model);
    changes_ = pass_frames("fdsrc fd=" + std::to_string(looped.file()) + " ! y4mdec ! " + marking +
                               " ! identity name=frames ! " + encoder_words(clip_, out),
                           [](gststeg::VideoFrame&, int) {});
    return out;
  }

  /// Frames of one epoch carry one number; legacy epochs come again after a round.
  int chips_of(int frame) const {
    const auto next = std::upper_bound(changes_.begin(), changes_.end(), frame);
    const auto epoch = static_cast<int>(next - changes_.begin());
    return repeats_ ? epoch % steg::kEpochs : epoch;
  }

  void learn(const Path& stream) {
    trace::FrameSampler sampler(kLearnRate);
    const double duration = 1 / clip_.rate();
    pass_frames(decoder_words(stream) + "fakesink sync=false", [&](gststeg::VideoFrame& frame, int number) {
      const double time = number * duration;
      if (time < plan_.seen && sampler.takes(time, duration)) eraser_.look_at(frame, chips_of(number));
    });
  }

  Path beginning_of(const Path& copy, double seconds, const std::string& name) {
    const Path out = folder_ / name;
    run_program({"ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", copy.string(), "-c", "copy", "-frames:v",
                 std::to_string(std::lround(seconds * clip_.rate())), out.string()});
    return out;
  }

  Path attack(const Path& copy, double strength, const std::string& name) {
    const Path out = folder_ / name;
    pass_frames(decoder_words(copy) + encoder_words(clip_, out), [&](gststeg::VideoFrame& frame, int number) {
      eraser_.erase(frame, chips_of(number), static_cast<float>(strength));
    });
    return out;
  }

  CopyState state(const Path& copy, const Recovery& whole) {
    const Path beginning = beginning_of(copy, kShortSeconds, "beginning.mkv");
    const Recovery first = read_copy(beginning, plan_.read, extractor_);
    CopyState state;
    state.signature_10s = first.signature;
    state.found_10s = first.whole.found > 0;
    state.signature = whole.signature;
    state.found = whole.whole.found > 0;
    state.psnr = mean_psnr(beginning);
    if (why_no_butteraugli().empty()) state.butteraugli = look_at(copy);
    return state;
  }

  double mean_psnr(const Path& copy) {
    Y4mReader original(clip_, clip_.original);
    double sum = 0;
    int frames = 0;
    pass_frames(decoder_words(copy) + "fakesink sync=false", [&](gststeg::VideoFrame& frame, int number) {
      Luma before = original.frame(number % clip_.frames).luma();
      before.width = frame.width();
      before.height = frame.height();
      sum += psnr(before, {frame.luma(), frame.stride(), frame.width(), frame.height()});
      ++frames;
    });
    return frames > 0 ? sum / frames : 0;
  }

  Butteraugli look_at(const Path& copy) const {
    const std::vector<LookedAt> looked_at = frames_to_look_at(clip_, 1);
    std::vector<int> numbers;
    for (const LookedAt& frame : looked_at) numbers.push_back(frame.number);
    const auto originals = FramePictures(clip_, clip_.original, numbers, folder_, "look-original").png("");
    const auto copies = FramePictures(clip_, copy, numbers, folder_, "look-changed").png("");
    Butteraugli all;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const Butteraugli one = butteraugli(originals[i], copies[i]);
      all.maximum = std::max(all.maximum, one.maximum);
      all.norm3 += one.norm3 / static_cast<double>(numbers.size());
    }
    return all;
  }

  const Clip& clip_;
  const SubtractionPlan& plan_;
  steg::Extractor& extractor_;
  Path folder_;
  bool repeats_;
  Eraser eraser_;
  std::vector<int> changes_;  ///< frames with which an epoch begins
};

}  // namespace

Recovery subtract_mark(const Clip& clip, const SubtractionPlan& plan, steg::Encoder& encoder,
                       steg::Extractor& extractor, const std::filesystem::path& folder, Subtraction& subtraction) {
  return Subtracting(clip, plan, encoder, extractor, folder).run(subtraction);
}

}  // namespace robustness
