// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <string>

namespace audit {

/// Told of what goes wrong and of its end, once for each outage. Called without locks, from the threads at work.
struct Listener {
  std::function<void(const std::string&)> problem = [](const std::string&) {};
  std::function<void(const std::string&)> recovered = [](const std::string&) {};
};

}  // namespace audit
