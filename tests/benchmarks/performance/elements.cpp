// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elements.hpp"

#include <gst/check/gstharness.h>

#include <memory>
#include <stdexcept>

#include "../work_folder.hpp"
#include "plugins/common/gststegmeta.h"

namespace performance {
namespace {

using gststeg::Ptr;

class Driver {
 public:
  Driver(const std::string& what, const std::string& launch, const Size& size)
      : what_(what), size_(size), harness_(gst_harness_new_parse(launch.c_str())) {
    if (!harness_) throw std::runtime_error("cannot make " + launch);
    gst_harness_set_src_caps_str(harness_.get(), size.caps().c_str());
    gst_harness_play(harness_.get());
  }

  /// Pushes a frame and throws its results away; only the push is timed.
  Sample push(Ptr<GstBuffer> buffer) {
    GstFlowReturn result = GST_FLOW_OK;
    const Sample sample = time_once([&] { result = gst_harness_push(harness_.get(), buffer.release()); });
    if (result != GST_FLOW_OK) throw std::runtime_error(what_ + " refused a frame");
    while (const Ptr<GstBuffer> out{gst_harness_try_pull(harness_.get())}) ++received_;
    ++pushed_;
    return sample;
  }
  void keep(const Sample& sample) { samples_.push_back(sample); }

  GstHarness* harness() { return harness_.get(); }
  /// True if each frame came out before the next one went in.
  bool without_delay() const { return received_ == pushed_; }
  Timing timing(double bytes) const {
    Timing result = summary(what_, size_.name(), samples_);
    result.pixels = size_.pixels();
    result.bytes = bytes;
    return result;
  }

 private:
  struct Teardown {
    void operator()(GstHarness* harness) const { gst_harness_teardown(harness); }
  };
  std::string what_;
  Size size_;
  std::unique_ptr<GstHarness, Teardown> harness_;
  std::vector<Sample> samples_;
  int pushed_ = 0;
  int received_ = 0;
};

constexpr GstClockTime kFrame = GST_SECOND / 30;

/// A copy that may be written, `index` frames after the start, as a decoder would hand it out.
Ptr<GstBuffer> frame_at(const Ptr<GstBuffer>& picture, int index) {
  Ptr<GstBuffer> buffer(gst_buffer_copy_deep(picture.get()));
  GST_BUFFER_PTS(buffer.get()) = static_cast<GstClockTime>(index) * kFrame;
  GST_BUFFER_DURATION(buffer.get()) = kFrame;
  GST_BUFFER_FLAG_UNSET(buffer.get(), GST_BUFFER_FLAG_DISCONT);
  return buffer;
}

/// Attaches what framediff would.
Ptr<GstBuffer> judged(Ptr<GstBuffer> buffer, bool duplicate, int sequence, int reference) {
  gst_structure_set(gst_steg_meta_ensure(buffer.get(), GST_FRAME_DIFFERENCE_META_NAME), "score", G_TYPE_DOUBLE, 0.0,
                    "duplicate", G_TYPE_BOOLEAN, static_cast<gboolean>(duplicate), "run-length", G_TYPE_UINT, 0U,
                    "sequence", G_TYPE_UINT64, static_cast<guint64>(sequence), "reference", G_TYPE_UINT64,
                    static_cast<guint64>(reference), nullptr);
  return buffer;
}

Ptr<GstBuffer> marked(Ptr<GstBuffer> buffer) {
  gst_structure_set(gst_steg_meta_ensure(buffer.get(), GST_STEG_MARK_META_NAME), "id", G_TYPE_STRING, "bench", "epoch",
                    G_TYPE_UINT, 0U, "key-fingerprint", G_TYPE_STRING, "0123456789abcdef", "model-fingerprint",
                    G_TYPE_STRING, "0123456789abcdef", "action", G_TYPE_STRING, "encode", nullptr);
  return buffer;
}

constexpr int kWarmUp = 3;

}  // namespace

std::vector<Timing> time_elements(const std::string& clip, const Size& size, int frames) {
  const std::vector<Ptr<GstBuffer>> pictures = decoded(clip, size, frames);
  const WorkFolder folder;
  const std::string database = "sqlite:" + (folder.path() / "audit.db").string();
  Driver nothing("identity", "identity", size);
  Driver difference("framediff", "framediff", size);
  Driver fresh("stegencode, fresh frame", "stegencode id=bench epoch-period=0", size);
  Driver repeated("stegencode, duplicate", "stegencode id=bench epoch-period=0", size);
  Driver audit("auditlog", "auditlog database=" + quoted(database), size);
  Driver balance("videobalance", "videobalance brightness=0.1", size);
  Driver x264("x264enc veryfast", "x264enc speed-preset=veryfast tune=zerolatency threads=1 bitrate=4000", size);
  for (int i = 0; i < frames; ++i) {
    const Ptr<GstBuffer>& picture = pictures[static_cast<std::size_t>(i) % pictures.size()];
    const bool warm = i >= kWarmUp;
    const auto run = [&](Driver& driver, Ptr<GstBuffer> buffer) {
      const Sample sample = driver.push(std::move(buffer));
      if (warm) driver.keep(sample);
    };
    run(nothing, frame_at(picture, i));
    run(difference, frame_at(picture, i));
    run(fresh, judged(frame_at(picture, i), false, i, i));
    repeated.push(judged(frame_at(picture, 2 * i), false, 2 * i, 2 * i));
    run(repeated, judged(frame_at(picture, 2 * i + 1), true, 2 * i + 1, 2 * i));
    run(audit, marked(frame_at(picture, i)));
    run(balance, frame_at(picture, i));
    run(x264, frame_at(picture, i));
  }
  for (const Driver* driver : {&difference, &fresh, &repeated, &audit}) {
    if (!driver->without_delay()) throw std::runtime_error("an element held a frame back");
  }
  const double luma = size.pixels();
  return {nothing.timing(0), difference.timing(luma),  fresh.timing(3 * luma), repeated.timing(0),
          audit.timing(0),   balance.timing(3 * luma), x264.timing(0)};
}

std::vector<Timing> time_two_threads(const std::string& clip, const Size& size, int frames) {
  const std::vector<Ptr<GstBuffer>> pictures = decoded(clip, size, frames);
  Driver one("stegencode, threads=1", "stegencode id=bench epoch-period=0 threads=1", size);
  Driver two("stegencode, threads=2", "stegencode id=bench epoch-period=0 threads=2", size);
  for (int i = 0; i < frames; ++i) {
    const Ptr<GstBuffer>& picture = pictures[static_cast<std::size_t>(i) % pictures.size()];
    for (Driver* driver : {&one, &two}) {
      const Sample sample = driver->push(frame_at(picture, i));
      if (i >= kWarmUp) driver->keep(sample);
    }
  }
  return {one.timing(0), two.timing(0)};
}

Timing time_duplicates(const std::string& clip, const Size& size, double share, int frames) {
  const std::vector<Ptr<GstBuffer>> pictures = decoded(clip, size, frames);
  const std::string name = std::to_string(static_cast<int>(100 * share + 0.5)) + "% duplicates, framediff + stegencode";
  Driver chain(name, "framediff max-hold=18446744073709551615 ! stegencode id=bench epoch-period=0", size);
  double cpu = 0;
  double fresh = 1;
  std::size_t shown = 0;
  for (int i = 0; i < frames; ++i) {
    if (fresh >= 1) {
      shown = static_cast<std::size_t>(i) % pictures.size();
      fresh -= 1;
    }
    fresh += 1 - share;
    const Sample sample = chain.push(frame_at(pictures[shown], i));
    if (i >= kWarmUp) cpu += sample.cpu;
  }
  const double mean = cpu / (frames - kWarmUp);
  return {name, size.name(), mean, mean, mean, 0, size.pixels()};
}

std::vector<Timing> time_recipients(const std::string& clip, const Size& size, int recipients, int frames) {
  const std::vector<Ptr<GstBuffer>> pictures = decoded(clip, size, frames);
  std::vector<std::unique_ptr<Driver>> drivers;
  for (int i = 0; i < recipients; ++i) {
    const std::string what = std::to_string(i + 1) + ". recipient of a frame";
    drivers.push_back(std::make_unique<Driver>(what, "stegencode epoch-period=0 id=id" + std::to_string(i), size));
  }
  Driver x264("x264enc veryfast", "x264enc speed-preset=veryfast tune=zerolatency threads=1 bitrate=4000", size);
  int encoded = 0;
  for (int i = 0; i < frames; ++i) {
    const Ptr<GstBuffer>& picture = pictures[static_cast<std::size_t>(i) % pictures.size()];
    Ptr<GstBuffer> shown = frame_at(picture, i);
    for (const auto& driver : drivers) {
      // As behind a tee; the last one has the picture alone.
      Ptr<GstBuffer> own(driver == drivers.back() ? shown.release() : gst_buffer_ref(shown.get()));
      const Sample sample = driver->push(std::move(own));
      const Sample encoding = x264.push(frame_at(picture, encoded++));
      if (i < kWarmUp) continue;
      driver->keep(sample);
      x264.keep(encoding);
    }
  }
  std::vector<Timing> timings;
  for (const auto& driver : drivers) timings.push_back(driver->timing(0));
  timings.push_back(x264.timing(0));
  return timings;
}

std::vector<Timing> time_id_change(const std::string& clip, const Size& size, int changes) {
  const std::vector<Ptr<GstBuffer>> pictures = decoded(clip, size, 8);
  Driver driver("first frame of a new ID", "stegencode name=mark id=bench epoch-period=0", size);
  const Ptr<GstElement> mark(gst_harness_find_element(driver.harness(), "stegencode"));
  std::vector<Sample> sets;
  for (int i = 0; i < changes; ++i) {
    const std::string id = "id" + std::to_string(i);
    const Sample set = time_once([&] { g_object_set(mark.get(), "id", id.c_str(), nullptr); });
    const Sample frame = driver.push(frame_at(pictures[static_cast<std::size_t>(i) % pictures.size()], i));
    if (i < kWarmUp) continue;
    sets.push_back(set);
    driver.keep(frame);
  }
  return {summary("setting a new ID (the caller)", size.name(), sets), driver.timing(0)};
}

}  // namespace performance
