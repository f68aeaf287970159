// SPDX-License-Identifier: LGPL-2.1-or-later
#include "open_files.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace launcher {
namespace {

/// More than all connections need; programs that close every file they could have take long with a larger limit.
constexpr rlim_t kEnough = 65536;

}  // namespace

std::size_t raise_open_files() {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  const rlim_t wanted = std::max(files.rlim_cur, std::min(files.rlim_max, kEnough));
  const rlimit raised{wanted, files.rlim_max};
  if (setrlimit(RLIMIT_NOFILE, &raised) == 0) files.rlim_cur = wanted;
  return static_cast<std::size_t>(files.rlim_cur);
}

}  // namespace launcher
