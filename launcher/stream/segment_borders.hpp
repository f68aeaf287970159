// Compares the files of A/B segments with the segments that were marked.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace launcher {

/// Viewers are sent files, and their patterns count segments: each file must hold one segment and all of it. Times are
/// running times in nanoseconds.
class SegmentBorders {
 public:
  /// A segment begins, in each variant. Call this before the sinks get there.
  void begins(std::uint64_t time);
  /// A sink begins a file.
  void opened(const std::string& sink, std::uint64_t time) { opened_[sink] = time; }
  /// A sink ends its file. Returns what is wrong with it, as a sentence for people; empty if it holds one segment, or
  /// if nothing is marked by segments.
  std::string closed(const std::string& sink, std::uint64_t time) const;

 private:
  std::set<std::uint64_t> borders_;  ///< the latest
  std::map<std::string, std::uint64_t> opened_;
};

}  // namespace launcher
