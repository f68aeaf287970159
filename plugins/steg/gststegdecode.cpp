// SPDX-License-Identifier: LGPL-2.1-or-later

/**
 * SECTION:element-stegdecode
 * @title: stegdecode
 * @short_description: reads the marks of stegencode from the video that passes through
 *
 * stegdecode looks at frames of the video that passes through it, sums what the extractor network sees in them over a
 * window of time, and posts a message for each window in which it finds an ID under its key, and another one when it
 * has found none for a while. It never changes a buffer. Use it to watch your own output; for files, steg-trace does
 * the same and more.
 *
 * Messages on the bus (element messages):
 *
 * `steg-decoded`: an ID was found in a window.
 * * `id` (#gchararray): the ID
 * * `p-value` (#gdouble): bound on the probability that a window without this ID reads as any ID, for one window
 * * `log10-p` (#gdouble): its decimal logarithm, also where the p-value is too small for a #gdouble
 * * `signature` (#gdouble): S, about N(0,1) for an ID that is not there
 * * `bit-accuracy` (#gdouble): share of the 256 code bits that were right
 * * `frames` (#guint): that were summed
 * * `first-pts`, `last-pts` (#guint64): of the first and last of them, in nanoseconds
 * * `first-running-time`, `last-running-time` (#guint64): the same as running times; #GST_CLOCK_TIME_NONE outside the
 *   segment. Some elements, such as x264enc, shift time stamps; running times stay comparable
 * * `epoch` (#guint): of the last of them
 * * `marked-at` (#gchararray): when that epoch began where it was marked, UTC, as "14:03:22"; not there if the mark
 * does not say so
 * * `windows` (#guint64): number of windows read since the element started, this one included; that many times the
 *   p-value bounds the probability of any false message so far
 *
 * `steg-lost`: no window has had a readable mark for the time that the property `lost-after` says. Posted once; the
 * next `steg-decoded` ends the loss.
 * * `id` (#gchararray): the last one that was read; empty if none ever was
 * * `since-pts`, `until-pts` (#guint64): of the last frame of the last window that read (or of the first frame looked
 *   at), and of the last frame looked at, in nanoseconds
 * * `since-running-time`, `until-running-time` (#guint64): the same as running times
 * * `windows` (#guint64): that said nothing in a row
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 -m filesrc location=marked.mp4 ! decodebin ! stegdecode ! fakesink
 * ]|
 */

#include "gststegdecode.h"

#include <gst/video/video.h>

#include <cfloat>
#include <memory>
#include <mutex>
#include <new>
#include <string>

#include "frame_picture.hpp"
#include "plugins/common/guard.hpp"
#include "plugins/common/property_value.hpp"
#include "plugins/common/video_frame.hpp"
#include "plugins/steg/model/encoder.hpp"
#include "plugins/steg/model/extractor.hpp"
#include "plugins/steg/model/model_path.hpp"
#include "plugins/steg/reading/mark_watch.hpp"
#include "plugins/steg/reading/stream_reader.hpp"
#include "settings.hpp"

GST_DEBUG_CATEGORY_STATIC(steg_decode_debug);
#define GST_CAT_DEFAULT steg_decode_debug

namespace {

constexpr guint64 kDefaultWindow = GST_SECOND;
constexpr guint64 kMaxWindow = 60 * GST_SECOND;
constexpr guint64 kDefaultInterval = 200 * GST_MSECOND;
constexpr guint64 kDefaultLostAfter = 5 * GST_SECOND;
constexpr guint64 kDefaultEpochPeriod = 2 * GST_SECOND;
constexpr GstClockTime kUnknownFrameDuration = 40 * GST_MSECOND;

enum Property {
  kPropKeyFile = 1,
  kPropModel,
  kPropWindow,
  kPropInterval,
  kPropMaxPValue,
  kPropLostAfter,
  kPropEpochPeriod,
  kPropThreads,
  kPropDevice,
  kPropStats,
};

struct Settings {
  std::string key_file;
  std::string model;  ///< empty for the default
  guint64 window = kDefaultWindow;
  guint64 interval = kDefaultInterval;
  gdouble max_p_value = steg::kDefaultMaxPValue;
  guint64 lost_after = kDefaultLostAfter;
  guint64 epoch_period = kDefaultEpochPeriod;
  gint threads = 1;
  steg::Device device = steg::Device::automatic;
};

struct Stats {
  guint64 frames = 0;
  guint64 frames_read = 0;
  guint64 windows = 0;
  guint64 windows_decoded = 0;
  guint64 losses = 0;
  gboolean lost = FALSE;
  std::string last_id;
};

struct State {
  std::mutex lock;  ///< guards the two below; never held while anything is called or posted
  Settings settings;
  Stats stats;
  // The streaming thread's.
  std::unique_ptr<steg::StreamReader> reader;
  steg::MarkWatch watch;
  GstVideoInfo info{};
  steg::SizeRefusal size_refusal;
  GstClockTime next_time = 0;  ///< for a frame without a time stamp
};

}  // namespace

struct _GstStegDecode {
  GstBaseTransform parent;
  State state;
};

G_DEFINE_TYPE(GstStegDecode, gst_steg_decode, GST_TYPE_BASE_TRANSFORM)
GST_ELEMENT_REGISTER_DEFINE(stegdecode, "stegdecode", GST_RANK_NONE, GST_TYPE_STEG_DECODE)

namespace {

constexpr char kCaps[] = GST_VIDEO_CAPS_MAKE(GST_STEG_LUMA_FORMATS);
GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS(kCaps));
GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS(kCaps));

std::string extractor_path(const Settings& settings) { return steg::model_path(settings.model, "extractor.pt"); }

/// Gives the member that keeps the property to `use`, which returns true. False if none does.
template <class AnySettings, class Use>
bool with_setting(AnySettings& settings, guint property, const Use& use) {
  switch (property) {
    case kPropKeyFile:
      return use(settings.key_file);
    case kPropModel:
      return use(settings.model);
    case kPropWindow:
      return use(settings.window);
    case kPropInterval:
      return use(settings.interval);
    case kPropMaxPValue:
      return use(settings.max_p_value);
    case kPropLostAfter:
      return use(settings.lost_after);
    case kPropEpochPeriod:
      return use(settings.epoch_period);
    case kPropThreads:
      return use(settings.threads);
    case kPropDevice:
      return use(settings.device);
    default:
      return false;
  }
}

void set_property(GObject* object, guint property, const GValue* value, GParamSpec* spec) {
  State& state = GST_STEG_DECODE(object)->state;
  const std::lock_guard<std::mutex> lock(state.lock);
  if (!with_setting(state.settings, property, [value](auto& member) { return gststeg::read_value(value, member); }))
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, property, spec);
}

GstStructure* stats_structure(const Stats& stats) {
  return gst_structure_new("stegdecode-stats",                                       //
                           "frames", G_TYPE_UINT64, stats.frames,                    //
                           "frames-read", G_TYPE_UINT64, stats.frames_read,          //
                           "windows", G_TYPE_UINT64, stats.windows,                  //
                           "windows-decoded", G_TYPE_UINT64, stats.windows_decoded,  //
                           "losses", G_TYPE_UINT64, stats.losses,                    //
                           "lost", G_TYPE_BOOLEAN, stats.lost,                       //
                           "last-id", G_TYPE_STRING, stats.last_id.c_str(), nullptr);
}

void get_property(GObject* object, guint property, GValue* value, GParamSpec* spec) {
  State& state = GST_STEG_DECODE(object)->state;
  const std::lock_guard<std::mutex> lock(state.lock);
  const Settings& settings = state.settings;
  if (property == kPropModel) {
    gststeg::set_string(value, extractor_path(settings));
  } else if (property == kPropStats) {
    g_value_take_boxed(value, stats_structure(state.stats));
  } else if (!with_setting(settings, property,
                           [value](const auto& member) { return gststeg::write_value(value, member); })) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, property, spec);
  }
}

gboolean start(GstBaseTransform* transform) {
  GstElement* element = GST_ELEMENT(transform);
  return gststeg::guarded(element, FALSE, [&]() -> gboolean {
    State& state = GST_STEG_DECODE(transform)->state;
    Settings settings;
    {
      const std::lock_guard<std::mutex> lock(state.lock);
      settings = state.settings;
      state.stats = {};
    }
    const std::optional<steg::Key> key = steg::load_key(element, settings.key_file);
    if (!key) return FALSE;
    try {
      state.reader = std::make_unique<steg::StreamReader>(
          *key, steg::load_extractor(extractor_path(settings), settings.threads, settings.device));
      state.reader->set_epoch_period(static_cast<double>(settings.epoch_period) / GST_SECOND);
    } catch (const steg::ModelError& error) {
      steg::post_resource_error(element, steg::file_error_code(extractor_path(settings)), error.what());
      return FALSE;
    }
    state.next_time = 0;
    state.size_refusal = {};
    state.watch = {};
    return TRUE;
  });
}

gboolean stop(GstBaseTransform* transform) {
  GST_STEG_DECODE(transform)->state.reader.reset();
  return TRUE;
}

GstClockTime running_time(GstBaseTransform* transform, GstClockTime pts) {
  return gst_segment_to_running_time(&transform->segment, GST_FORMAT_TIME, pts);
}

void post(GstBaseTransform* transform, GstStructure* fields) {
  gst_element_post_message(GST_ELEMENT(transform), gst_message_new_element(GST_OBJECT(transform), fields));
}

void post_decoded(GstBaseTransform* transform, const steg::WindowReading& window) {
  const steg::Reading& reading = *window.reading;
  const GstClockTime first = window.first_time;
  const GstClockTime last = window.last_time;
  GstStructure* fields = gst_structure_new(
      "steg-decoded", "id", G_TYPE_STRING, reading.id.c_str(), "p-value", G_TYPE_DOUBLE, reading.p_value(), "log10-p",
      G_TYPE_DOUBLE, reading.log10_p, "signature", G_TYPE_DOUBLE, reading.signature, "bit-accuracy", G_TYPE_DOUBLE,
      reading.bit_accuracy, "frames", G_TYPE_UINT, static_cast<guint>(window.frames), "first-pts", G_TYPE_UINT64, first,
      "last-pts", G_TYPE_UINT64, last, "first-running-time", G_TYPE_UINT64, running_time(transform, first),
      "last-running-time", G_TYPE_UINT64, running_time(transform, last), "epoch", G_TYPE_UINT,
      static_cast<guint>(window.epoch), "windows", G_TYPE_UINT64, static_cast<guint64>(window.number), nullptr);
  if (window.marked)
    gst_structure_set(fields, "marked-at", G_TYPE_STRING, steg::time_of_day_text(*window.marked).c_str(), nullptr);
  post(transform, fields);
}

void post_lost(GstBaseTransform* transform, const steg::Loss& loss) {
  const GstClockTime since = loss.since;
  const GstClockTime until = loss.until;
  post(transform, gst_structure_new("steg-lost", "id", G_TYPE_STRING, loss.id.c_str(), "since-pts", G_TYPE_UINT64,
                                    since, "until-pts", G_TYPE_UINT64, until, "since-running-time", G_TYPE_UINT64,
                                    running_time(transform, since), "until-running-time", G_TYPE_UINT64,
                                    running_time(transform, until), "windows", G_TYPE_UINT64,
                                    static_cast<guint64>(loss.windows), nullptr));
}

/// Counts a window that ended and posts what it said.
void report(GstBaseTransform* transform, const std::optional<steg::WindowReading>& window) {
  if (!window) return;
  State& state = GST_STEG_DECODE(transform)->state;
  std::optional<steg::Loss> loss;
  {
    const std::lock_guard<std::mutex> lock(state.lock);
    loss = state.watch.take(*window, state.settings.lost_after);
    state.stats.windows = state.reader->windows_read();
    state.stats.lost = state.watch.lost();
    state.stats.losses = state.watch.losses();
    if (window->reading) {
      ++state.stats.windows_decoded;
      state.stats.last_id = window->reading->id;
    }
  }
  if (window->reading) post_decoded(transform, *window);
  if (loss) post_lost(transform, *loss);
}

gboolean set_caps(GstBaseTransform* transform, GstCaps* in_caps, GstCaps*) {
  return gststeg::guarded(GST_ELEMENT(transform), FALSE, [&]() -> gboolean {
    State& state = GST_STEG_DECODE(transform)->state;
    report(transform, state.reader->finish());
    GstVideoInfo info;
    if (!gst_video_info_from_caps(&info, in_caps)) return FALSE;
    try {
      state.reader->set_picture_shape(steg::shape_of(info));
      state.info = info;
    } catch (const steg::GridError& error) {
      state.size_refusal.post(GST_ELEMENT(transform), info, error.what());
      return FALSE;
    }
    return TRUE;
  });
}

gboolean sink_event(GstBaseTransform* transform, GstEvent* event) {
  GstElement* element = GST_ELEMENT(transform);
  gststeg::guarded(element, false, [&] {
    State& state = GST_STEG_DECODE(transform)->state;
    if (!state.reader) return false;
    switch (GST_EVENT_TYPE(event)) {
      case GST_EVENT_STREAM_START:
      case GST_EVENT_SEGMENT:
      case GST_EVENT_EOS:
        report(transform, state.reader->finish());
        break;
      case GST_EVENT_FLUSH_STOP:
        state.reader->drop();
        break;
      default:
        break;
    }
    return true;
  });
  return GST_BASE_TRANSFORM_CLASS(gst_steg_decode_parent_class)->sink_event(transform, event);
}

GstFlowReturn refuse_buffer(GstBaseTransform* transform, GstBuffer* buffer) {
  GST_ELEMENT_ERROR(transform, STREAM, FAILED,
                    ("A frame cannot be read: its memory cannot be mapped, or it is not of the size in its caps. Check "
                     "the element before stegdecode."),
                    ("buffer %" GST_PTR_FORMAT, static_cast<void*>(buffer)));
  return GST_FLOW_ERROR;
}

GstFlowReturn read_buffer(GstBaseTransform* transform, GstBuffer* buffer) {
  State& state = GST_STEG_DECODE(transform)->state;
  steg::StreamReader& reader = *state.reader;
  {
    const std::lock_guard<std::mutex> lock(state.lock);
    const Settings& settings = state.settings;
    reader.set_options({settings.window, settings.interval, settings.lost_after, settings.max_p_value});
    ++state.stats.frames;
  }
  if (GST_BUFFER_IS_DISCONT(buffer)) report(transform, reader.finish());

  const GstClockTime time = GST_BUFFER_PTS_IS_VALID(buffer) ? GST_BUFFER_PTS(buffer) : state.next_time;
  const gint fps_n = GST_VIDEO_INFO_FPS_N(&state.info);
  const gint fps_d = GST_VIDEO_INFO_FPS_D(&state.info);
  state.next_time =
      time + (fps_n > 0 && fps_d > 0 ? gst_util_uint64_scale_int(GST_SECOND, fps_d, fps_n) : kUnknownFrameDuration);
  if (const auto window = reader.advance(time)) report(transform, window);
  if (!reader.due(time)) return GST_FLOW_OK;

  if (!steg::has_size_of(buffer, state.info)) return refuse_buffer(transform, buffer);
  const gststeg::VideoFrame frame(state.info, buffer, GST_MAP_READ);
  if (!frame) return refuse_buffer(transform, buffer);
  reader.add(steg::picture_of(frame), time);
  const std::lock_guard<std::mutex> lock(state.lock);
  state.stats.frames_read = reader.frames_read();
  state.stats.windows = reader.windows_read();
  return GST_FLOW_OK;
}

GstFlowReturn transform_ip(GstBaseTransform* transform, GstBuffer* buffer) {
  return gststeg::guarded(GST_ELEMENT(transform), GST_FLOW_ERROR, [&] { return read_buffer(transform, buffer); });
}

void finalize(GObject* object) {
  GST_STEG_DECODE(object)->state.~State();
  G_OBJECT_CLASS(gst_steg_decode_parent_class)->finalize(object);
}

void install_properties(GObjectClass* klass) {
  constexpr auto kAlways = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  constexpr auto kReady = static_cast<GParamFlags>(kAlways | GST_PARAM_MUTABLE_READY);
  constexpr auto kPlaying = static_cast<GParamFlags>(kAlways | GST_PARAM_MUTABLE_PLAYING);
  g_object_class_install_property(
      klass, kPropKeyFile,
      g_param_spec_string(
          "key-file", "Key file",
          "Text file with the secret key (64 hexadecimal digits) that stegencode used. Without it marks "
          "of the public default key are read. Read when the element starts.",
          nullptr, kReady));
  g_object_class_install_property(
      klass, kPropModel,
      g_param_spec_string(
          "model", "Model",
          "The extractor network, a TorchScript file. Default: extractor.pt in the folder that "
          "GST_STEG_MODEL_PATH names, else in the folder of the installed models. Loaded and tried when "
          "the element starts.",
          nullptr, kReady));
  g_object_class_install_property(
      klass, kPropWindow,
      g_param_spec_uint64(
          "window", "Window",
          "Nanoseconds of video that are summed before they are read. Longer windows read weaker marks; "
          "an ID that is there for less than half of a window may be missed.",
          1, kMaxWindow, kDefaultWindow, kPlaying));
  g_object_class_install_property(
      klass, kPropInterval,
      g_param_spec_uint64(
          "interval", "Interval",
          "Least time in nanoseconds from one frame that is looked at to the next. Each one costs a run "
          "of the extractor in the streaming thread. 0: every frame.",
          0, kMaxWindow, kDefaultInterval, kPlaying));
  g_object_class_install_property(
      klass, kPropMaxPValue,
      g_param_spec_double(
          "max-p-value", "Largest p-value",
          "A window is reported if its p-value is at most this: the probability, at most, that a window "
          "without any mark of the key is reported.",
          DBL_MIN, 1.0, steg::kDefaultMaxPValue, kPlaying));
  g_object_class_install_property(
      klass, kPropLostAfter,
      g_param_spec_uint64(
          "lost-after", "Lost after",
          "Nanoseconds of video without a readable mark after which steg-lost is posted, once; from the start, too, "
          "where there never was one. It is told at the end of a window. Windows that cannot be read by themselves "
          "are read together for so long.",
          0, G_MAXUINT64, kDefaultLostAfter, kPlaying));
  g_object_class_install_property(
      klass, kPropEpochPeriod,
      g_param_spec_uint64("epoch-period", "Epoch period",
                          "The epoch-period that stegencode had, in nanoseconds: with it `marked-at` says when the "
                          "video was marked. Read when the element starts.",
                          1, G_MAXUINT64, kDefaultEpochPeriod, kReady));
  g_object_class_install_property(klass, kPropThreads,
                                  g_param_spec_int("threads", "Threads", "Threads for the operations of the network.",
                                                   1, steg::kMaxThreads, 1, kReady));
  steg::install_device_property(klass, kPropDevice);
  g_object_class_install_property(
      klass, kPropStats,
      g_param_spec_boxed("stats", "Statistics",
                         "Since the element started: frames, frames-read, windows, windows-decoded, losses "
                         "(guint64), lost (gboolean: steg-lost was the last word), last-id (string, empty if none was "
                         "found).",
                         GST_TYPE_STRUCTURE, static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
}

}  // namespace

static void gst_steg_decode_class_init(GstStegDecodeClass* klass) {
  GST_DEBUG_CATEGORY_INIT(steg_decode_debug, "stegdecode", 0, "invisible ID out of video");
  GObjectClass* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  install_properties(object_class);

  GstElementClass* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_add_static_pad_template(element_class, &sink_template);
  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_set_static_metadata(element_class, "Steganographic ID decoder", "Filter/Analyzer/Video",
                                        "Reads the invisible ID that stegencode put into video and posts it on the bus",
                                        "The gst-steg developers");

  GstBaseTransformClass* transform_class = GST_BASE_TRANSFORM_CLASS(klass);
  transform_class->passthrough_on_same_caps = TRUE;
  transform_class->transform_ip_on_passthrough = TRUE;
  transform_class->start = start;
  transform_class->stop = stop;
  transform_class->set_caps = set_caps;
  transform_class->sink_event = sink_event;
  transform_class->transform_ip = transform_ip;
}

static void gst_steg_decode_init(GstStegDecode* self) {
  new (&self->state) State();
  gst_base_transform_set_passthrough(GST_BASE_TRANSFORM(self), TRUE);
  gst_base_transform_set_qos_enabled(GST_BASE_TRANSFORM(self), FALSE);
}
