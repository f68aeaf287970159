// SPDX-License-Identifier: LGPL-2.1-or-later
#include "connection_table.hpp"

#include <algorithm>
#include <tuple>

namespace launcher {
namespace {

/// Places that streams leave to ordinary requests.
constexpr std::size_t kMostKept = 8;

}  // namespace

ConnectionTable::Admission ConnectionTable::add(Key key, const std::string& address, Time now) {
  std::optional<Key> pushed_out;
  const auto same = per_address_.find(address);
  if (same != per_address_.end() && same->second >= limits_.most_per_address) {
    pushed_out = dispensable(address);
    if (!pushed_out) return {false, std::nullopt};
  } else if (connections_.size() >= limits_.most) {
    pushed_out = dispensable("");
    if (!pushed_out) return {false, std::nullopt};
  }
  if (pushed_out) remove(*pushed_out);
  connections_[key] = {address, Stage::headers, now, now};
  if (!address.empty()) ++per_address_[address];
  return {true, pushed_out};
}

void ConnectionTable::remove(Key key) {
  const auto found = connections_.find(key);
  if (found == connections_.end()) return;
  if (found->second.stage == Stage::lasting) --lasting_;
  const auto same = per_address_.find(found->second.address);
  if (same != per_address_.end() && --same->second == 0) per_address_.erase(same);
  connections_.erase(found);
}

/// The one to close for a newcomer; of one address, if that is given.
std::optional<ConnectionTable::Key> ConnectionTable::dispensable(const std::string& address) const {
  const auto rank = [](const Connection& one) { return std::tuple(one.stage, one.since); };
  const std::pair<const Key, Connection>* least = nullptr;
  for (const auto& entry : connections_) {
    const Connection& one = entry.second;
    if (!address.empty() && one.address != address) continue;
    if (one.stage != Stage::headers && one.stage != Stage::body) continue;
    if (!least || rank(one) < rank(least->second)) least = &entry;
  }
  return least ? std::optional<Key>(least->first) : std::nullopt;
}

void ConnectionTable::enter(Key key, Stage stage, Time now) {
  const auto found = connections_.find(key);
  if (found == connections_.end() || found->second.stage == Stage::lasting) return;
  found->second.stage = stage;
  found->second.since = found->second.touched = now;
}

void ConnectionTable::progress(Key key, Time now) {
  const auto found = connections_.find(key);
  if (found != connections_.end()) found->second.touched = now;
}

bool ConnectionTable::make_lasting(Key key) {
  const auto found = connections_.find(key);
  if (found == connections_.end()) return false;
  if (found->second.stage == Stage::lasting) return true;
  if (lasting_ + std::min(kMostKept, limits_.most / 2) >= limits_.most) return false;
  found->second.stage = Stage::lasting;
  ++lasting_;
  return true;
}

std::optional<ConnectionTable::Stage> ConnectionTable::stage(Key key) const {
  const auto found = connections_.find(key);
  return found == connections_.end() ? std::nullopt : std::optional<Stage>(found->second.stage);
}

std::vector<ConnectionTable::Key> ConnectionTable::overdue(Time now) const {
  std::vector<Key> keys;
  for (const auto& [key, one] : connections_) {
    const bool moves = one.stage == Stage::body || one.stage == Stage::answering;
    if ((one.stage == Stage::headers && now - one.since > kHeaderTime) ||
        (one.stage == Stage::body && now - one.since > kBodyTime) || (moves && now - one.touched > kIdleTime)) {
      keys.push_back(key);
    }
  }
  return keys;
}

}  // namespace launcher
