// Small pictures of a copy, spread over its length.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace trace {

struct Thumbnail {
  double time = 0.0;   ///< seconds
  std::string base64;  ///< of a JPEG file; empty if there is no picture
};

/// Keeps at most kMost pictures, however long the copy is: when there are more, every second one goes and the next ones
/// lie twice as far apart.
class Album {
 public:
  static constexpr std::size_t kMost = 64;

  /// Whether a picture of that time should be added; times ascend.
  bool wants(double time) const { return thumbnails_.empty() || time >= thumbnails_.back().time + spacing_; }
  void add(Thumbnail thumbnail);

  /// The one nearest to the middle of a stretch of time; an empty one if there is none.
  Thumbnail nearest(double from, double to) const;

 private:
  std::vector<Thumbnail> thumbnails_;
  double spacing_ = 0.5;
};

}  // namespace trace
