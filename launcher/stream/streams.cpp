// SPDX-License-Identifier: LGPL-2.1-or-later
#include "streams.hpp"

#include <algorithm>

namespace launcher {

Streams::Streams(const std::vector<StreamConfig>& configs, ExitGuard& guard, std::function<void()> finished)
    : finished_(std::move(finished)), left_(configs.size()) {
  for (const StreamConfig& config : configs) {
    const std::size_t index = all_.size();
    SupervisorEvents events;
    events.happened = [this, index](const char* event, const std::function<void(JsonText&)>& fill) {
      if (!listener_) return;
      JsonText json;
      json.text("stream", all_[index]->name());
      fill(json);
      listener_(*all_[index], event, json.finish());
    };
    events.finished = [this] {
      if (--left_ == 0) finished_();
    };
    all_.push_back(std::make_unique<Supervisor>(config, guard, std::move(events)));
  }
}

std::map<std::string, FlvHubs> Streams::flv() const {
  std::map<std::string, FlvHubs> hubs;
  for (const auto& supervisor : all_) hubs[supervisor->name()] = supervisor->flv();
  return hubs;
}

void Streams::start() {
  for (const auto& supervisor : all_) supervisor->start();
}

void Streams::quit() {
  for (const auto& supervisor : all_) supervisor->quit();
}

int Streams::exit_code() const {
  int worst = 0;
  for (const auto& supervisor : all_) worst = std::max(worst, supervisor->exit_code());
  return worst;
}

}  // namespace launcher
