// Where bytes of a live stream go.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "launcher/base/bytes.hpp"

namespace launcher {

/// Used on the main loop's thread.
class Outlet {
 public:
  Outlet() = default;
  virtual ~Outlet() = default;
  Outlet(const Outlet&) = delete;
  Outlet& operator=(const Outlet&) = delete;

  /// False if the other side fell too far behind; it is closed then. Nothing happens on a closed one.
  virtual bool push(Bytes bytes) = 0;
  virtual void close() = 0;
  /// False once the other side is gone.
  virtual bool is_open() const = 0;
};

}  // namespace launcher
