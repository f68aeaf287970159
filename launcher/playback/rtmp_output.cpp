// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rtmp_output.hpp"

#include "appsrc_outlet.hpp"
#include "launcher/base/address.hpp"
#include "launcher/base/seconds.hpp"
#include "launcher/retry/failure.hpp"

namespace launcher {
namespace {

constexpr guint kWatchMilliseconds = 500;

}  // namespace

RtmpOutput::RtmpOutput(std::string location, std::shared_ptr<FlvHub> hub, const RestartSettings& restart,
                       std::function<void(const std::string&)> log)
    : location_(std::move(location)),
      hub_(std::move(hub)),
      restart_(restart),
      backoff_(restart.initial_delay, restart.max_delay, g_random_int()),
      log_(std::move(log)) {}

RtmpOutput::~RtmpOutput() { stop(); }

void RtmpOutput::start() {
  if (pipeline_ || timer_ != 0) return;
  backoff_.reset();
  build();
}

void RtmpOutput::build() {
  began_ = g_get_monotonic_time();
  GstElement* source = gst_element_factory_make("appsrc", nullptr);
  GstElement* sink = gst_element_factory_make("rtmp2sink", nullptr);
  if (!source || !sink) {
    log_("error: the elements appsrc and rtmp2sink are needed for output: install GStreamer's base and bad plugins");
    return;
  }
  pipeline_.reset(gst_pipeline_new("output"));
  gst_object_ref_sink(pipeline_.get());
  gst_bin_add_many(GST_BIN(pipeline_.get()), source, sink, nullptr);
  gst_element_link(source, sink);
  g_object_set(sink, "location", location_.c_str(), "sync", FALSE, "async-connect", FALSE, nullptr);
  outlet_ = std::make_shared<AppSrcOutlet>(GST_ELEMENT(gst_object_ref(source)));
  const gststeg::Ptr<GstBus> bus(gst_element_get_bus(pipeline_.get()));
  gst_bus_add_watch(bus.get(), on_message, this);
  gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
  hub_->add(FlvHub::Kind::output, outlet_);
  // A server that takes nothing shows in the outlet's backlog; other tracks than before end it, too.
  watch_ = g_timeout_add(
      kWatchMilliseconds,
      [](gpointer data) -> gboolean {
        auto* self = static_cast<RtmpOutput*>(data);
        if (self->outlet_->is_open()) return G_SOURCE_CONTINUE;
        self->watch_ = 0;
        self->try_again("the output takes no more data, or has other tracks");
        return G_SOURCE_REMOVE;
      },
      this);
}

gboolean RtmpOutput::on_message(GstBus*, GstMessage* message, gpointer data) {
  auto* self = static_cast<RtmpOutput*>(data);
  if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_ERROR) return G_SOURCE_CONTINUE;
  self->try_again(describe(message));
  return G_SOURCE_CONTINUE;
}

void RtmpOutput::try_again(const std::string& reason) {
  tear_down();
  const Seconds ran(static_cast<double>(g_get_monotonic_time() - began_) / G_USEC_PER_SEC);
  if (ran >= restart_.stable_after) backoff_.reset();
  const Seconds delay = backoff_.next();
  log_("output: " + reason + "; trying again");
  timer_ = g_timeout_add(
      static_cast<guint>(delay.count() * 1000),
      [](gpointer data) -> gboolean {
        auto* self = static_cast<RtmpOutput*>(data);
        self->timer_ = 0;
        self->build();
        return G_SOURCE_REMOVE;
      },
      this);
}

void RtmpOutput::tear_down() {
  if (watch_ != 0) g_source_remove(watch_);
  watch_ = 0;
  if (!pipeline_) return;
  outlet_->close();
  const gststeg::Ptr<GstBus> bus(gst_element_get_bus(pipeline_.get()));
  gst_bus_remove_watch(bus.get());
  gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
  pipeline_.reset();
}

void RtmpOutput::stop() {
  if (timer_ != 0) g_source_remove(timer_);
  timer_ = 0;
  tear_down();
}

}  // namespace launcher
