// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media_reader.hpp"

#include <glib/gstdio.h>
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <gst/video/video.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <string>

#include "decoder_input.hpp"
#include "growing_file.hpp"
#include "jpeg.hpp"
#include "kinds_read.hpp"
#include "picture_limit.hpp"
#include "plugins/common/for_each_element.hpp"
#include "plugins/common/gst_ptr.hpp"
#include "plugins/common/video_frame.hpp"
#include "plugins/steg/frame_picture.hpp"
#include "still_picture.hpp"

namespace trace {
namespace {

using gststeg::Ptr;

// GRAY8 stands apart and last: to it, videoconvert would stretch the range of other formats.
constexpr char kPlanarCaps[] = "video/x-raw, format=(string){ I420, YV12, Y42B, Y444, GRAY8 }";
constexpr GstClockTime kPollInterval = 100 * GST_MSECOND;
// In a row. What comes over a network may be on its way where no thread of the pipeline runs.
constexpr int kIdlePollsOfFile = 5;
constexpr int kIdlePollsOfNetwork = 100;

std::string uri_of(const std::string& file, bool grows) {
  const bool exists = g_file_test(file.c_str(), G_FILE_TEST_EXISTS) != FALSE;
  if (!exists && gst_uri_is_valid(file.c_str())) return file;
  if (!exists) throw MediaError("There is no such file. Check the path.");
  if (g_file_test(file.c_str(), G_FILE_TEST_IS_DIR)) throw MediaError("It is a folder. Give the files in it.");
  GStatBuf status;
  if (!grows && g_stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0)
    throw MediaError("The file is empty. Check that it was copied whole.");
  GError* raw_error = nullptr;
  const Ptr<gchar> uri(gst_filename_to_uri(file.c_str(), &raw_error));
  const Ptr<GError> error(raw_error);
  if (!uri) throw MediaError(error->message);
  return uri.get();
}

std::string path_of(const std::string& uri) {
  const Ptr<gchar> path(g_filename_from_uri(uri.c_str(), nullptr, nullptr));
  if (!path) throw MediaError("The address names no file of this machine. Give its path.");
  return path.get();
}

/// What demultiplexers call tracks of common encryption, and of Apple's.
bool is_encrypted(const char* kind) {
  return g_str_has_prefix(kind, "application/x-cenc") || g_str_has_prefix(kind, "application/x-cbcs") ||
         g_str_has_prefix(kind, "application/x-webm-enc");
}

GstElement* make(const char* factory) {
  GstElement* element = gst_element_factory_make(factory, nullptr);
  if (!element)
    throw MediaError(std::string("The GStreamer element ") + factory +
                     " is missing. Install gstreamer1.0-plugins-base and gstreamer1.0-plugins-good.");
  return element;
}

}  // namespace

struct MediaReader::Pipeline {
  Ptr<GstElement> pipeline;
  GstElement* convert = nullptr;  ///< the pipeline's
  GstAppSink* sink = nullptr;     ///< the pipeline's
  Ptr<GstBus> bus;
  std::atomic<bool> video_found{false};
  std::atomic<bool> all_pads_known{false};
  std::atomic<bool> sound_found{false};
  std::atomic<bool> encrypted{false};
  std::atomic<int> films{0};
  std::atomic<int> tracks{0};
  bool any_frame = false;
  int most_idle_polls = kIdlePollsOfNetwork;
  int film = 0;  ///< that is read
  DecoderInput input;
  PictureLimit limit;
  std::mutex mutex;
  std::string refused_kind;  ///< of what is in the file and not read; under the mutex
  Ptr<GstSample> sample;     ///< that next() is handing over
  std::string damage;
  std::unique_ptr<GrowingFile> growing;  ///< if it is one

  explicit Pipeline(std::int64_t max_pixels) : limit(max_pixels) {}
  ~Pipeline() {
    if (growing) growing->stop();
    if (pipeline) gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  }

  /// Whether what the pad brings was decoded from a picture, such as a cover.
  static bool is_still(GstPad* pad) {
    Ptr<GstPad> inner(GST_PAD(gst_object_ref(pad)));
    while (inner && GST_IS_GHOST_PAD(inner.get())) inner.reset(gst_ghost_pad_get_target(GST_GHOST_PAD(inner.get())));
    const Ptr<GstElement> decoder(inner ? gst_pad_get_parent_element(inner.get()) : nullptr);
    const Ptr<GstPad> input(decoder ? gst_element_get_static_pad(decoder.get(), "sink") : nullptr);
    const Ptr<GstCaps> caps(input ? gst_pad_get_current_caps(input.get()) : nullptr);
    return caps && g_str_has_prefix(gst_structure_get_name(gst_caps_get_structure(caps.get(), 0)), "image/");
  }

  /// Sound need not be decoded.
  static gboolean on_autoplug_continue(GstElement*, GstPad*, GstCaps* caps, gpointer data) {
    auto* self = static_cast<Pipeline*>(data);
    self->limit.look_at(caps);
    const gchar* kind = gst_structure_get_name(gst_caps_get_structure(caps, 0));
    const bool sound = g_str_has_prefix(kind, "audio/") != FALSE;
    if (sound) self->sound_found = true;
    if (is_encrypted(kind)) self->encrypted = true;
    return !sound;
  }
  /// The values of GstAutoplugSelectResult, which no header has.
  enum Autoplug { kTry = 0, kSkip = 2 };
  static int on_autoplug_select(GstElement*, GstPad*, GstCaps* caps, GstElementFactory* factory, gpointer data) {
    auto* self = static_cast<Pipeline*>(data);
    const bool read = may_read(GST_OBJECT_NAME(factory)) && !self->limit.exceeded();
    const std::lock_guard<std::mutex> lock(self->mutex);
    self->refused_kind = read ? "" : gst_structure_get_name(gst_caps_get_structure(caps, 0));
    return read ? kTry : kSkip;
  }
  static void on_pad_added(GstElement*, GstPad* pad, gpointer data) {
    auto* self = static_cast<Pipeline*>(data);
    // Sound comes as it is, undecoded.
    const Ptr<GstCaps> caps(gst_pad_query_caps(pad, nullptr));
    if (gst_caps_is_empty(caps.get()) || gst_caps_is_any(caps.get()) ||
        !g_str_has_prefix(gst_structure_get_name(gst_caps_get_structure(caps.get(), 0)), "video/"))
      return;
    const Ptr<GstPad> input(gst_element_get_static_pad(self->convert, "sink"));
    const Ptr<GstPad> before(gst_pad_get_peer(input.get()));
    ++self->tracks;
    // A film comes before a cover. No data flows until all tracks are known.
    if (is_still(pad) ? before != nullptr : self->films++ != self->film) return;
    if (before) gst_pad_unlink(before.get(), input.get());
    if (gst_pad_link(pad, input.get()) == GST_PAD_LINK_OK) self->video_found = true;
  }
  static void on_no_more_pads(GstElement*, gpointer data) { static_cast<Pipeline*>(data)->all_pads_known = true; }

  static void on_source_setup(GstElement*, GstElement* source, gpointer data) {
    const auto* self = static_cast<Pipeline*>(data);
    if (self->growing) self->growing->feed(source);
  }

  static void on_element_added(GstBin*, GstBin*, GstElement* element, gpointer data) {
    auto* self = static_cast<Pipeline*>(data);
    self->input.watch(element);
    self->limit.watch(element);
  }

  void read_any(const std::string& uri) {
    GstElement* source = make("uridecodebin");
    gst_bin_add(GST_BIN(pipeline.get()), source);
    g_object_set(source, "uri", uri.c_str(), "force-sw-decoders", TRUE, nullptr);
    g_signal_connect(pipeline.get(), "deep-element-added", G_CALLBACK(on_element_added), this);
    g_signal_connect(source, "autoplug-continue", G_CALLBACK(on_autoplug_continue), this);
    g_signal_connect(source, "autoplug-select", G_CALLBACK(on_autoplug_select), this);
    g_signal_connect(source, "pad-added", G_CALLBACK(on_pad_added), this);
    g_signal_connect(source, "no-more-pads", G_CALLBACK(on_no_more_pads), this);
    g_signal_connect(source, "source-setup", G_CALLBACK(on_source_setup), this);
  }
  /// A BMP or TIFF, which decodebin's decoders do not take, or the first frame of a GIF: GStreamer 1.22's decoder of
  /// all frames repeats that one for ever, and cannot even be stopped.
  void read_by_gdk(const std::string& file) {
    GstElement* source = make("filesrc");
    gst_bin_add(GST_BIN(pipeline.get()), source);
    GstElement* decoder = make("gdkpixbufdec");
    gst_bin_add(GST_BIN(pipeline.get()), decoder);
    g_object_set(source, "location", file.c_str(), nullptr);
    gst_element_link_many(source, decoder, convert, nullptr);
    video_found = true;
  }

  /// The text of an error on the bus; empty if there is none.
  std::string pending_error() const {
    const Ptr<GstMessage> message(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR));
    if (!message) return {};
    GError* raw_error = nullptr;
    gst_message_parse_error(message.get(), &raw_error, nullptr);
    const Ptr<GError> error(raw_error);
    return error->message;
  }

  /// Whether no thread is about to bring anything. decodebin (GStreamer 1.22) drops the error of a demultiplexer that
  /// fails while it is still being put in, and then neither an error nor an end of stream comes.
  bool is_idle() const {
    bool idle = true;
    gststeg::for_each_element(GST_BIN(pipeline.get()), [&idle](GstElement* element) {
      const auto look_at_pad = [](GstElement*, GstPad* pad, gpointer data) -> gboolean {
        if (gst_pad_get_task_state(pad) == GST_TASK_STARTED) *static_cast<bool*>(data) = false;
        return TRUE;
      };
      gst_element_foreach_pad(element, look_at_pad, &idle);
    });
    return idle;
  }

  std::string why_nothing(const std::string& reason) {
    if (limit.exceeded()) return limit.fault();
    const std::lock_guard<std::mutex> lock(mutex);
    if (!refused_kind.empty() && !video_found)
      return "It is of a kind that is not read (" + refused_kind +
             "): such files name other files or addresses, or are rarely seen. Give the video or the picture itself, "
             "or "
             "convert it first.";
    if (encrypted) return "It is encrypted. Decrypt it first: what is read is the picture.";
    if (sound_found && !video_found) return "It has sound but no picture, so there is nothing that could carry a mark.";
    return "Nothing in it can be decoded as video" + (reason.empty() ? "" : " (" + reason + ")") +
           ". Check that it is a whole video or image file (an MP4 file that was cut off lacks its index), and that "
           "the "
           "GStreamer plugins for its format are installed.";
  }

  /// Called where the file gives no more frames.
  bool ended(const std::string& reason) {
    if (!any_frame) throw MediaError(why_nothing(reason));
    damage = reason;
    return false;
  }
};

MediaReader::MediaReader(const std::string& file, std::int64_t max_pixels, int film, double patience)
    : pipeline_(std::make_unique<Pipeline>(max_pixels)) {
  const std::string uri = uri_of(file, patience > 0);
  Pipeline& own = *pipeline_;
  own.film = film;
  own.pipeline.reset(GST_ELEMENT(gst_object_ref_sink(gst_pipeline_new(nullptr))));
  own.bus.reset(gst_element_get_bus(own.pipeline.get()));
  GstBin* bin = GST_BIN(own.pipeline.get());
  own.convert = make("videoconvert");
  gst_bin_add(bin, own.convert);
  GstElement* sink = make("appsink");
  gst_bin_add(bin, sink);
  own.sink = GST_APP_SINK(sink);

  const Ptr<GstCaps> planar(gst_caps_from_string(kPlanarCaps));
  g_object_set(sink, "caps", planar.get(), "sync", FALSE, "max-buffers", 2, nullptr);
  gst_element_link(own.convert, sink);
  const bool local = g_str_has_prefix(uri.c_str(), "file:") != FALSE;
  if (local && patience > 0)
    own.growing = std::make_unique<GrowingFile>(path_of(uri), patience);
  else if (local)
    own.most_idle_polls = kIdlePollsOfFile;
  const std::string advice = advice_for_picture(file);
  if (!advice.empty()) throw MediaError(advice);
  if (const auto size = gdk_picture_size(file)) {
    own.limit.look_at(size->width, size->height);
    if (own.limit.exceeded()) throw MediaError(own.limit.fault());
    own.read_by_gdk(file);
  } else {
    own.read_any(own.growing ? "appsrc://" : uri);
  }
  gst_element_set_state(own.pipeline.get(), GST_STATE_PLAYING);
}

MediaReader::~MediaReader() = default;

std::string MediaReader::thumbnail() const { return small_jpeg(pipeline_->sample.get()); }

void MediaReader::leave_out_until(double time) { pipeline_->input.leave_out_until(time); }

bool MediaReader::left_out() const { return pipeline_->input.left_out(); }

int MediaReader::films() const { return pipeline_->films; }

int MediaReader::other_tracks() const { return std::max(0, pipeline_->tracks - 1); }

std::string MediaReader::damage() const { return pipeline_->damage; }

double MediaReader::duration() const {
  gint64 duration = 0;
  if (!gst_element_query_duration(pipeline_->pipeline.get(), GST_FORMAT_TIME, &duration) || duration < 0) return 0.0;
  return static_cast<double>(duration) / GST_SECOND;
}

bool MediaReader::next(const std::function<void(const MediaFrame&)>& use) {
  Pipeline& own = *pipeline_;
  Ptr<GstSample>& sample = own.sample;
  sample.reset();
  for (int idle_polls = 0; !sample;) {
    sample.reset(gst_app_sink_try_pull_sample(own.sink, kPollInterval));
    if (sample) break;
    if (own.limit.exceeded()) return own.ended(own.limit.fault());
    const std::string error = own.pending_error();
    if (!error.empty() || gst_app_sink_is_eos(own.sink)) return own.ended(error);
    if (own.all_pads_known && !own.video_found) return own.ended("it has no video track");
    idle_polls = own.is_idle() ? idle_polls + 1 : 0;
    if (idle_polls > own.most_idle_polls) return own.ended("its decoder stopped without saying why");
  }
  GstVideoInfo info;
  GstBuffer* buffer = gst_sample_get_buffer(sample.get());
  if (!gst_video_info_from_caps(&info, gst_sample_get_caps(sample.get()))) return own.ended("unknown video format");
  const gststeg::VideoFrame frame(info, buffer, GST_MAP_READ);
  if (!frame) return own.ended("a frame cannot be mapped");
  own.any_frame = true;

  MediaFrame decoded{steg::picture_of(frame), seconds_of(*gst_sample_get_segment(sample.get()), buffer), 0.0,
                     own.input.take_key(GST_BUFFER_PTS(buffer))};
  if (GST_BUFFER_DURATION_IS_VALID(buffer))
    decoded.duration = static_cast<double>(GST_BUFFER_DURATION(buffer)) / GST_SECOND;
  use(decoded);
  return true;
}

}  // namespace trace
