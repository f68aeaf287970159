// Frames that a program has decoded itself, kept until they are read, and as often as that takes.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "file_closer.hpp"
#include "frame_keeper.hpp"
#include "frame_reader.hpp"
#include "frame_sampler.hpp"

namespace trace {

/// Keeps those frames that reading takes, in a file without a name in the folder $TMPDIR, or /var/tmp. gst_init() must
/// have been called.
class FrameStore {
 public:
  /// `rate`: frames taken of a second, see FrameSampler. Throws std::runtime_error if there can be no file.
  explicit FrameStore(double rate);
  FrameStore(const FrameStore&) = delete;
  FrameStore& operator=(const FrameStore&) = delete;
  ~FrameStore();

  /// A frame of I420 or GRAY8; times do not descend. Throws std::runtime_error if there is no room.
  void add(const MediaFrame& frame);
  bool empty() const { return bytes_.empty(); }
  /// The time of the last frame, seconds; 0 if there is none.
  double last_time() const { return last_.time; }
  /// Forgets all frames.
  void clear();

  /// A pass through what was added so far, within the life of this.
  std::unique_ptr<FrameReader> open();

 private:
  class Pass;
  struct Place {
    std::int64_t offset = 0;  ///< in the file, bytes
    steg::PictureShape shape;
    double time = 0;
    double duration = 0;
    bool key = false;
  };

  void write();
  [[noreturn]] void fail(const char* what) const;

  double rate_;
  std::string folder_;
  std::unique_ptr<std::FILE, FileCloser> file_;
  std::int64_t size_ = 0;  ///< of the file, bytes
  FrameSampler sampler_;
  FrameKeeper keeper_;
  std::vector<Place> places_;
  Place last_;                       ///< the last frame, written or not
  std::vector<std::uint8_t> bytes_;  ///< its planes
  bool written_ = false;
};

}  // namespace trace
