// Which connections there are and how long each may take: the rules, without a socket.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "launcher/config/connection_limits.hpp"

namespace launcher {

/// Connections by a key of the caller's.
class ConnectionTable {
 public:
  using Key = const void*;
  using Time = std::chrono::steady_clock::time_point;

  enum class Stage {
    headers,    ///< nothing is known of the request yet
    body,       ///< its body comes in
    waiting,    ///< for our own answer
    answering,  ///< the answer goes out
    lasting     ///< a stream, which ends when one side wants it to
  };

  static constexpr std::chrono::seconds kHeaderTime{10};
  static constexpr std::chrono::seconds kIdleTime{30};  ///< without a byte of the body or the answer
  static constexpr std::chrono::minutes kBodyTime{10};

  explicit ConnectionTable(ConnectionLimits limits) : limits_(limits) {}

  struct Admission {
    bool admitted;
    std::optional<Key> pushed_out;  ///< the caller closes it; it is forgotten
  };
  /// A new connection. Where all places are taken, the oldest that has not finished its request makes way: who says
  /// nothing must not keep out who does. `address`: for the limit on each; empty for those without that limit.
  Admission add(Key key, const std::string& address, Time now);
  void remove(Key key);

  /// A lasting connection stays one.
  void enter(Key key, Stage stage, Time now);
  /// Data went through.
  void progress(Key key, Time now);
  /// False: so many last already that there would be no room for ordinary requests.
  bool make_lasting(Key key);

  std::optional<Stage> stage(Key key) const;
  std::size_t size() const { return connections_.size(); }
  /// Those that have taken too long. The caller closes them and removes them.
  std::vector<Key> overdue(Time now) const;

 private:
  struct Connection {
    std::string address;
    Stage stage;
    Time since;    ///< of the stage
    Time touched;  ///< by the last data
  };
  std::optional<Key> dispensable(const std::string& address) const;

  ConnectionLimits limits_;
  std::map<Key, Connection> connections_;
  std::map<std::string, std::size_t> per_address_;
  std::size_t lasting_ = 0;
};

}  // namespace launcher
