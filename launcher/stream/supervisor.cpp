// SPDX-License-Identifier: LGPL-2.1-or-later
#include "supervisor.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "applied_id_json.hpp"
#include "elements.hpp"
#include "launcher/base/config_error.hpp"
#include "launcher/base/log.hpp"
#include "launcher/base/seconds.hpp"
#include "launcher/base/utc_now.hpp"
#include "launcher/config/property_name.hpp"
#include "launcher/process/process_usage.hpp"
#include "running_time.hpp"

namespace launcher {
namespace {

constexpr guint kTickMilliseconds = 100;
/// Longest time that a rebuild may take to bring the old pipeline to NULL; it takes under 10 ms.
constexpr Seconds kTearDownLimit{10};
/// How long to wait for an optional branch whose input came too late the last time.
constexpr Seconds kLateBranchWait{10};

Seconds since(gint64 time) { return Seconds(static_cast<double>(g_get_monotonic_time() - time) / G_USEC_PER_SEC); }

std::string in_seconds(Seconds time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f s", time.count());
  return text;
}

}  // namespace

Supervisor::Supervisor(const StreamConfig& config, ExitGuard& guard, SupervisorEvents events)
    : config_(config),
      guard_(guard),
      events_(std::move(events)),
      backoff_(config.restart.initial_delay, config.restart.max_delay, g_random_int()) {
  if (!config_.playback.flv.empty()) {
    for (const std::string& recipient : config_.copies()) {
      auto hub = std::make_shared<FlvHub>([this, recipient] {
        if (run_) run_->request_key_frame(recipient);
      });
      if (config_.playback.hold_output) hub->hold_output();
      flv_[recipient] = std::move(hub);
    }
    if (!config_.playback.output.empty()) {
      output_ = std::make_unique<RtmpOutput>(config_.playback.output, flv_.begin()->second, config_.restart,
                                             [this](const std::string& text) { log(text); });
    }
  }
  run_ = build();
  for (const std::string& recipient : config_.copies()) {
    IdState& id = status_.ids[recipient];
    if (config_.control.id) id.requested = get_property(bin(), for_recipient(*config_.control.id, recipient));
  }
  for (const PropertyName& name : config_.control.properties) get_property(bin(), name);
  places_ = {end_places(bin(), GST_ELEMENT_FLAG_SOURCE), end_places(bin(), GST_ELEMENT_FLAG_SINK),
             property_of_kind(bin(), "stegencode", "key-file"), property_of_kind(bin(), "auditlog", "database")};
  if (output_) places_.sinks.push_back(without_credentials(config_.playback.output));
  tick_timer_ = g_timeout_add(
      kTickMilliseconds,
      [](gpointer self) -> gboolean {
        static_cast<Supervisor*>(self)->tick();
        return G_SOURCE_CONTINUE;
      },
      this);
}

Supervisor::~Supervisor() {
  for (const guint timer : {tick_timer_, retry_timer_, stop_timer_}) {
    if (timer != 0) g_source_remove(timer);
  }
}

std::unique_ptr<PipelineRun> Supervisor::build() {
  return std::make_unique<PipelineRun>(
      config_,
      PipelineRunEvents{
          [this](const Failure& failure) { failed(failure); }, [this] { ended(); },
          [this](const std::string& element, const GstStructure* message) { announced(element, message); }},
      flv_);
}

bool Supervisor::start() {
  if (status_.state == State::stopping || quitting_) return false;
  if (status_.state != State::stopped) return true;
  if (output_) output_->start();
  backoff_.reset();
  down_since_ = g_get_monotonic_time();
  attempt();
  return true;
}

void Supervisor::attempt() {
  set_state(State::starting);
  for (auto& entry : status_.ids) entry.second.applied.reset();
  attempt_began_ = g_get_monotonic_time();
  try {
    if (!run_) run_ = build();
    for (const auto& [name, value] : overrides_) set_property(bin(), name, value);
  } catch (const ConfigError& error) {
    failed({Place::description, ErrorDomain::core, false, error.what()});
    return;
  }
  run_->play();
  // Counted from here: loading the networks may take longer than any wait for data.
  played_at_ = g_get_monotonic_time();
}

void Supervisor::tick() {
  if (!run_ || (status_.state != State::starting && status_.state != State::running)) return;
  const auto silence = run_->silence();
  if (status_.state == State::starting && silence) {
    set_state(State::running);
    running_since_ = g_get_monotonic_time();
    log("running");
  }
  if (status_.state == State::running) {
    status_.running_for = since(running_since_).count();
    output_meter_.sample(run_->frames_out(), monotonic_now());
    if (since(running_since_) >= config_.restart.stable_after) {
      backoff_.reset();
      branch_was_late_ = false;
    }
  }
  const std::string stall = run_->stall(config_.restart, played_at_, silent_tries_);
  if (!stall.empty()) {
    failed({Place::network_end, ErrorDomain::stream, false, stall});
    return;
  }
  run_->check_input(branch_was_late_ ? std::max(kLateBranchWait, config_.optional_wait) : config_.optional_wait);
}

void Supervisor::ended() {
  if (status_.state == State::stopping) {
    finish(0);
  } else if (after_end(config_.restart) == Verdict::finish) {
    log("end of stream");
    quitting_ = true;
    finish(0);
  } else {
    try_again("the source ended or its connection was lost");
  }
}

void Supervisor::failed(const Failure& failure) {
  note_error(failure.text);
  if (status_.state == State::stopping) {
    // Before any data, elements report the end of stream as an error. After it, a recording may lack its end.
    const bool had_data = run_ && run_->silence();
    const bool lost = had_data && run_->writes_files();
    if (had_data) log("error while stopping: " + failure.text);
    finish(lost ? 1 : 0);
    return;
  }
  const Seconds down_for = status_.state == State::running ? Seconds(0) : since(down_since_);
  if (after_failure(config_.restart, failure, down_for) == Verdict::retry) {
    branch_was_late_ = branch_was_late_ || (run_ && run_->has_late_branch());
    try_again(failure.text);
    return;
  }
  log_error(failure.text, {config_.name, status_.ids.begin()->second.requested});
  quitting_ = true;
  finish(1);
}

void Supervisor::try_again(const std::string& reason) {
  if (status_.state == State::running) down_since_ = g_get_monotonic_time();
  silent_tries_ = run_ && !run_->heard() ? silent_tries_ + 1 : 0;
  tear_down();
  ++status_.reconnects;
  set_state(State::waiting);
  // The delay counts from start to start: a try that itself waited long for a missing stream is not followed by more.
  const Seconds spent = since(attempt_began_);
  const Seconds delay = std::max(backoff_.next() - spent, config_.restart.initial_delay);
  log(reason + "; trying again in " + in_seconds(delay));
  events_.happened("reconnect", [&](JsonText& json) { json.text("reason", reason).number("delay", delay.count()); });
  arm_timer(retry_timer_, delay, &Supervisor::attempt);
}

void Supervisor::stop() {
  start_again_ = false;
  switch (status_.state) {
    case State::stopped:
    case State::stopping:
      return;
    case State::waiting:
      finish(0);
      return;
    case State::starting:
    case State::running:
      set_state(State::stopping);
      run_->end();
      arm_timer(stop_timer_, config_.restart.stop_timeout, &Supervisor::stop_deadline);
      return;
  }
}

void Supervisor::quit() {
  if (finished_) return;
  quitting_ = true;
  if (status_.state == State::stopped) {
    finish(0);
  } else {
    stop();
  }
}

void Supervisor::stop_deadline() {
  const bool writes_files = run_->writes_files();
  log("the end of the stream did not get through within " + in_seconds(config_.restart.stop_timeout) +
      ": stopping without it" + (writes_files ? ", so the recording may lack its end" : ""));
  finish(writes_files ? 1 : 0);
}

void Supervisor::finish(int exit_code) {
  tear_down();
  if (output_) output_->stop();
  for (const auto& entry : flv_) entry.second->forget_picture();
  set_state(State::stopped);
  if (!quitting_) {
    log("stopped");
    if (std::exchange(start_again_, false)) start();
    return;
  }
  exit_code_ = lost_something_ ? 1 : exit_code;
  finished_ = true;
  const auto finished = events_.finished;
  finished();
}

void Supervisor::tear_down() {
  for (guint* timer : {&retry_timer_, &stop_timer_}) {
    if (*timer != 0) g_source_remove(*timer);
    *timer = 0;
  }
  if (!quitting_) guard_.arm(kTearDownLimit, "an element hangs while the pipeline is taken down: ending the process");
  const std::string lost = run_ ? run_->take_down() : "";
  run_.reset();
  if (!lost.empty()) {
    lost_something_ = true;
    note_error(lost);
    log_error("while stopping: " + lost, {config_.name, status_.ids.begin()->second.requested});
  }
  if (!quitting_) {
    guard_.disarm();
    release_free_memory();
  }
  status_.running_for = 0;
  output_meter_.reset();
}

void Supervisor::set(const PropertyName& name, const std::string& value) {
  if (bin()) {
    set_property(bin(), name, value);
  } else {
    const auto trial = build();
    set_property(trial->bin(), name, value);
  }
  overrides_[name] = value;
  for (auto& [recipient, id] : status_.ids) {
    if (config_.control.id && for_recipient(*config_.control.id, recipient) == name) id.requested = value;
  }
}

void Supervisor::set_id(const std::string& recipient, const std::string& id, const std::string& client) {
  const auto& target = config_.control.client_ip;
  const bool with_client = target && !config_.control.client_ip_of_publisher && !client.empty();
  // Before the ID, so that the address is there for the first frame that carries it.
  if (with_client && run_) run_->set_client(recipient, id, client);
  set(for_recipient(*config_.control.id, recipient), id);
  if (with_client) overrides_[for_recipient(*target, recipient)] = client;
}

void Supervisor::set_publisher(const std::string& address) {
  if (!config_.control.client_ip || !config_.control.client_ip_of_publisher) return;
  for (const std::string& recipient : config_.copies())
    set(for_recipient(*config_.control.client_ip, recipient), address);
}

std::optional<double> Supervisor::output_rate() const {
  if (config_.rate.encoder.empty()) return std::nullopt;
  return output_meter_.per_second();
}

void Supervisor::announced(const std::string& element, const GstStructure* message) {
  if (gst_structure_has_name(message, "steg-id-applied")) {
    id_applied(element, message);
  } else if (gst_structure_has_name(message, "framediff-rate")) {
    gint numerator = 0;
    gint denominator = 0;
    if (run_ && gst_structure_get_fraction(message, "input-framerate", &numerator, &denominator) && denominator > 0) {
      run_->set_measured_rate(static_cast<double>(numerator) / denominator);
    }
  }
}

/// The recipient whose ID the element of that name embeds; "" without a fan-out.
std::string Supervisor::recipient_of(const std::string& element) const {
  for (const std::string& recipient : config_.recipients) {
    if (config_.control.id && for_recipient(*config_.control.id, recipient).element == element) return recipient;
  }
  return "";
}

void Supervisor::id_applied(const std::string& element, const GstStructure* message) {
  const gchar* id = gst_structure_get_string(message, "id");
  AppliedId applied;
  applied.id = id ? id : "";
  applied.at = utc_now();
  guint64 time = 0;
  if (gst_structure_get_uint64(message, "running-time", &time)) applied.running_time = time;
  if (gst_structure_get_uint64(message, "pts", &time)) applied.pts = time;
  const std::string recipient = recipient_of(element);
  log("ID '" + applied.id + "' is in the picture" + (recipient.empty() ? "" : " of " + recipient) + " since " +
      applied.at);
  status_.ids[recipient].applied = applied;
  events_.happened("id-applied", [&](JsonText& json) {
    if (!recipient.empty()) json.text("recipient", recipient);
    add_applied(json, applied, "id");
  });
}

void Supervisor::note_error(const std::string& text) {
  status_.last_error = text;
  status_.last_error_at = utc_now();
  events_.happened(
      "error", [this](JsonText& json) { json.text("message", status_.last_error).text("at", status_.last_error_at); });
}

void Supervisor::set_state(State state) {
  if (state == status_.state) return;
  status_.state = state;
  events_.happened("state", [state](JsonText& json) { json.text("state", to_string(state)); });
}

void Supervisor::log(const std::string& text) const {
  log_line(text, {config_.name, status_.ids.begin()->second.requested});
}

void Supervisor::arm_timer(guint& timer, Seconds delay, void (Supervisor::*call)()) {
  struct Call {
    Supervisor* self;
    guint* timer;
    void (Supervisor::*method)();
  };
  timer = g_timeout_add_full(
      G_PRIORITY_DEFAULT, static_cast<guint>(delay.count() * 1000),
      [](gpointer data) -> gboolean {
        const Call armed = *static_cast<Call*>(data);
        *armed.timer = 0;
        (armed.self->*armed.method)();
        return G_SOURCE_REMOVE;
      },
      std::make_unique<Call>(Call{this, &timer, call}).release(),
      [](gpointer data) { const std::unique_ptr<Call> owned(static_cast<Call*>(data)); });
}

}  // namespace launcher
