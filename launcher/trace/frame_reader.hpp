// One pass through the frames of a copy, wherever they come from.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <string>

#include "plugins/steg/watermark/picture_view.hpp"

namespace trace {

/// A decoded frame, 8 bits and every plane by itself; valid during the call that hands it over.
struct MediaFrame {
  steg::PictureView picture;
  double time;      ///< seconds from the start of the copy; 0 for an image
  double duration;  ///< seconds; 0 if it is not known
  bool key;         ///< known to be coded without reference to other frames
};

class FrameKeeper;

class FrameReader {
 public:
  virtual ~FrameReader() = default;

  /// Hands over the next frame; false at the end.
  virtual bool next(const std::function<void(const MediaFrame&)>& use) = 0;

  /// The frame that next() is handing over as a small JPEG file in base64; empty if it cannot be made.
  virtual std::string thumbnail() const = 0;

  /// Seconds, once the first frame has come; 0 if it is not known, and for an image.
  virtual double duration() const = 0;

  /// The frames that a search for the picture looks at, if they were chosen already; else null.
  virtual const FrameKeeper* chosen() const { return nullptr; }

  /// Frames before that time, seconds, need not all be handed over. 0 (the default) forbids it.
  virtual void leave_out_until(double) {}
  /// Whether any frame was left out so far.
  virtual bool left_out() const { return false; }

  /// Video tracks, once the first frame has come: all picture tracks but still ones, such as covers.
  virtual int films() const { return 1; }
  /// Picture tracks that are not read, once the first frame has come.
  virtual int other_tracks() const { return 0; }
  /// Why the copy ended early; empty if it did not.
  virtual std::string damage() const { return {}; }
};

}  // namespace trace
