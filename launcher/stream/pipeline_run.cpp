// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pipeline_run.hpp"

#include <cstdio>
#include <utility>

#include "elements.hpp"
#include "launcher/base/config_error.hpp"
#include "launcher/base/log.hpp"
#include "launcher/base/seconds.hpp"
#include "launcher/retry/failure.hpp"
#include "plugins/common/for_each_element.hpp"

namespace launcher {
namespace {

using gststeg::Ptr;

Ptr<GstElement> build(const std::string& description) {
  GError* raw_error = nullptr;
  Ptr<GstElement> element(gst_parse_launch_full(description.c_str(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &raw_error));
  const Ptr<GError> error(raw_error);
  if (element) gst_object_ref_sink(element.get());
  if (error || !element) {
    throw ConfigError(std::string("[pipeline] description: ") + (error ? error->message : "cannot be built") +
                      "\nThe description, with its variables put in, is: " + description);
  }
  if (GST_IS_PIPELINE(element.get())) return element;
  Ptr<GstElement> pipeline(gst_pipeline_new(nullptr));
  gst_object_ref_sink(pipeline.get());
  gst_bin_add(GST_BIN(pipeline.get()), element.get());
  return pipeline;
}

/// A source that has sent for so long after the last data at a sink does not hold the sink up.
constexpr Seconds kWentOn{1};

Seconds monotonic(gint64 microseconds) { return Seconds(static_cast<double>(microseconds) / G_USEC_PER_SEC); }

std::string nothing_for(const std::string& what, Seconds time) {
  char text[32];
  std::snprintf(text, sizeof text, " for %.2f s", time.count());
  return "nothing " + what + text;
}

}  // namespace

PipelineRun::PipelineRun(const StreamConfig& config, PipelineRunEvents events, const FlvHubs& flv)
    : events_(std::move(events)), pipeline_(build(config.description)), flv_input_(bin()) {
  for (const std::string& recipient : config.copies()) copies_.push_back(copy_for(recipient, config, flv));
  branches_ = std::make_unique<OptionalBranches>(bin(), config.optional);
  tracks_ = std::make_unique<Tracks>(bin(), config.tracks);
  if (config.live_segments) segments_ = std::make_unique<LiveSegments>(bin());
  watch_sinks();
  watch_sources();
  const Ptr<GstBus> bus(gst_element_get_bus(pipeline_.get()));
  gst_bus_add_watch(bus.get(), on_message, this);
}

PipelineRun::Copy PipelineRun::copy_for(const std::string& recipient, const StreamConfig& config,
                                        const FlvHubs& flv) const {
  Copy copy;
  copy.recipient = recipient;
  if (!config.rate.encoder.empty()) {
    RateSettings rate = config.rate;
    rate.encoder = for_recipient(rate.encoder, recipient);
    copy.rate = std::make_unique<EncoderRate>(bin(), rate);
    copy.colour = std::make_unique<EncoderColour>(bin(), rate.encoder);
    copy.filler = std::make_unique<PictureFiller>(bin(), rate);
  }
  if (const auto& target = config.control.client_ip) {
    copy.client = std::make_unique<ClientAddress>(bin(), for_recipient(*target, recipient));
  }
  if (!flv.empty()) {
    copy.flv = std::make_unique<FlvTap>(bin(), for_recipient(config.playback.flv, recipient), flv.at(recipient));
  }
  return copy;
}

PipelineRun::~PipelineRun() { take_down(); }

std::string PipelineRun::take_down() {
  if (std::exchange(is_down_, true)) return "";
  const Ptr<GstBus> bus(gst_element_get_bus(pipeline_.get()));
  gst_bus_remove_watch(bus.get());
  // Messages up to here are handled already, or follow from those that are.
  gst_bus_set_flushing(bus.get(), TRUE);
  gst_bus_set_flushing(bus.get(), FALSE);
  stop_sinks();
  gst_element_set_state(pipeline_.get(), GST_STATE_READY);
  std::string lost = last_words(bus.get());
  gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
  return lost;
}

/// A source that waits for room downstream while it is told of the end has its state locked. The pipeline would first
/// pause all elements, that source too, and wait for ever: sinks that have stopped let everything before them go.
void PipelineRun::stop_sinks() {
  const auto stop = [](const GValue* item, gpointer) {
    GstElement* sink = GST_ELEMENT(g_value_get_object(item));
    gst_element_set_locked_state(sink, TRUE);
    gst_element_set_state(sink, GST_STATE_NULL);
  };
  const Ptr<GstIterator> sinks(gst_bin_iterate_sinks(bin()));
  gst_iterator_foreach(sinks.get(), stop, nullptr);
}

std::string PipelineRun::last_words(GstBus* bus) {
  std::string errors;
  const auto kinds = static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_WARNING);
  while (const Ptr<GstMessage> message{gst_bus_pop_filtered(bus, kinds)}) {
    // Sources and sinks complain that the network is gone, other elements that data no longer flows: both are expected.
    const Failure failure = failure_of(message.get());
    if (failure.place != Place::filter || failure.domain != ErrorDomain::resource) continue;
    if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_ERROR) {
      errors += (errors.empty() ? "" : "\n") + failure.text;
    } else {
      log_line("while stopping: " + failure.text);
    }
  }
  return errors;
}

void PipelineRun::watch_sinks() {
  gststeg::for_each_element(bin(), [this](GstElement* element) {
    // A splitmuxsink, such as that of hlssink2, makes its sink when it starts: what reaches it counts.
    const bool has_own = GST_IS_BIN(element) && factory_name(element) != "splitmuxsink";
    if (has_own || !GST_OBJECT_FLAG_IS_SET(element, GST_ELEMENT_FLAG_SINK)) return;
    for (GList* item = element->sinkpads; item; item = item->next) {
      const auto data = static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST);
      gst_pad_add_probe(GST_PAD(item->data), data, on_sink_data, this, nullptr);
    }
  });
}

GstPadProbeReturn PipelineRun::on_sink_data(GstPad*, GstPadProbeInfo*, gpointer self) {
  auto* run = static_cast<PipelineRun*>(self);
  run->last_data_ = g_get_monotonic_time();
  const std::lock_guard<std::mutex> lock(run->source_mutex_);
  run->waiting_since_.reset();
  return GST_PAD_PROBE_OK;
}

void PipelineRun::watch_sources() {
  gststeg::for_each_element(bin(), [this](GstElement* element) {
    if (GST_IS_BIN(element) || !GST_OBJECT_FLAG_IS_SET(element, GST_ELEMENT_FLAG_SOURCE)) return;
    for (GList* item = element->srcpads; item; item = item->next) {
      const auto data = static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST);
      gst_pad_add_probe(GST_PAD(item->data), data, on_source_data, this, nullptr);
    }
  });
}

GstPadProbeReturn PipelineRun::on_source_data(GstPad*, GstPadProbeInfo*, gpointer self) {
  auto* run = static_cast<PipelineRun*>(self);
  const std::lock_guard<std::mutex> lock(run->source_mutex_);
  const Seconds now = monotonic(g_get_monotonic_time());
  run->source_.data(now);
  if (!run->waiting_since_) run->waiting_since_ = now;
  return GST_PAD_PROBE_OK;
}

std::string PipelineRun::stall(const RestartSettings& settings, gint64 began, unsigned silent_tries) const {
  const Seconds now = monotonic(g_get_monotonic_time());
  const Seconds limit = settings.stall_timeout;
  const Seconds nothing{0};
  if (settings.idle_timeout == nothing) {
    return limit > nothing && silence().value_or(now - monotonic(began)) >= limit
               ? nothing_for("reached the sink", limit)
               : "";
  }
  const bool heard_it = heard();
  const std::lock_guard<std::mutex> lock(source_mutex_);
  const Seconds last = source_.last().value_or(monotonic(began));
  // A source that went on sending is not what the sink waits for.
  const bool went_on = waiting_since_ && last - *waiting_since_ >= kWentOn;
  if (went_on) return limit > nothing && now - *waiting_since_ >= limit ? nothing_for("reached the sink", limit) : "";
  const Seconds idle = settings.idle_timeout;
  const Seconds patience = heard_it ? source_.limit(idle) : SourcePatience::first_limit(idle, silent_tries);
  return now - last >= patience ? nothing_for("came from the source", patience) : "";
}

bool PipelineRun::heard() const {
  const std::lock_guard<std::mutex> lock(source_mutex_);
  return source_.last() && flv_input_.has_media();
}

void PipelineRun::play() {
  if (gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE) return;
  const Ptr<GstBus> bus(gst_element_get_bus(pipeline_.get()));
  const Ptr<GstMessage> message(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR));
  const Failure unexplained{Place::filter, ErrorDomain::core, false,
                            "the pipeline does not start, and no element gives a reason"};
  const auto failed = events_.failed;  // the call may destroy this object
  failed(message ? failure_of(message.get()) : unexplained);
}

void PipelineRun::end() {
  gst_element_call_async(
      pipeline_.get(), [](GstElement* pipeline, gpointer) { gst_element_send_event(pipeline, gst_event_new_eos()); },
      nullptr, nullptr);
}

std::optional<Seconds> PipelineRun::silence() const {
  const gint64 last = last_data_;
  if (last == 0) return std::nullopt;
  return Seconds(static_cast<double>(g_get_monotonic_time() - last) / G_USEC_PER_SEC);
}

void PipelineRun::check_input(Seconds wait) {
  const auto failed = events_.failed;
  const std::string problem = flv_input_.picture_problem();
  if (!problem.empty()) {
    failed({Place::network_end, ErrorDomain::stream, false, problem});
    return;
  }
  for (const std::string& reason : branches_->decide(wait)) {
    const std::string heard = flv_input_.sound_problem();
    log_line(heard.empty() ? reason + ": going on without it" : heard + ". Going on without it");
  }
  const std::string late = branches_->appeared();
  if (late.empty()) return;
  failed({Place::network_end, ErrorDomain::stream, false, "the input has data for branch '" + late + "' now"});
}

bool PipelineRun::writes_files() const {
  bool found = false;
  gststeg::for_each_element(bin(), [&found](GstElement* element) {
    found = found || (GST_OBJECT_FLAG_IS_SET(element, GST_ELEMENT_FLAG_SINK) && is_local_end(element));
  });
  return found;
}

void PipelineRun::set_measured_rate(double frames_per_second) {
  for (const Copy& copy : copies_) {
    if (copy.rate) copy.rate->set_measured_rate(frames_per_second);
  }
}

void PipelineRun::request_key_frame(const std::string& recipient) {
  for (const Copy& copy : copies_) {
    if (copy.rate && copy.recipient == recipient) copy.rate->request_key_frame();
  }
}

void PipelineRun::set_client(const std::string& recipient, const std::string& id, const std::string& address) {
  for (const Copy& copy : copies_) {
    if (copy.client && copy.recipient == recipient) copy.client->set_with(id, address);
  }
}

gboolean PipelineRun::on_message(GstBus*, GstMessage* message, gpointer self) {
  return static_cast<PipelineRun*>(self)->handle(message) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

bool PipelineRun::handle(GstMessage* message) {
  switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_ERROR: {
      const auto failed = events_.failed;
      failed(failure_of(message));
      break;
    }
    case GST_MESSAGE_EOS: {
      const auto ended = events_.ended;
      ended();
      break;
    }
    case GST_MESSAGE_WARNING:
      // check_input() has reported the branch that was given up; its delayed link is the same news.
      if (!(is_delayed_link(message) && branches_->any_given_up())) log_line("warning: " + describe(message));
      break;
    case GST_MESSAGE_LATENCY:
      gst_bin_recalculate_latency(bin());
      break;
    case GST_MESSAGE_ELEMENT: {
      events_.announced(GST_MESSAGE_SRC_NAME(message) ? GST_MESSAGE_SRC_NAME(message) : "",
                        gst_message_get_structure(message));
      const std::string problem = segment_files_.hear(message);
      if (problem.empty()) break;
      const auto failed = events_.failed;
      failed({Place::filter, ErrorDomain::stream, false, problem});
      break;
    }
    default:
      break;
  }
  return true;
}

}  // namespace launcher
