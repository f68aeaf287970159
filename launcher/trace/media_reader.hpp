// Decodes a video or an image to planes of luma and chroma.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include "plugins/steg/watermark/picture_view.hpp"

namespace trace {

/// A file that cannot be decoded. what() is a sentence that says what to do.
class MediaError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A decoded frame, 8 bits and every plane by itself; valid during the call that hands it over.
struct MediaFrame {
  steg::PictureView picture;
  double time;      ///< seconds from the start of the file; 0 for an image
  double duration;  ///< seconds; 0 if it is not known
  bool key;         ///< known to be coded without reference to other frames
};

/// Anything that GStreamer can decode, as fast as it goes. gst_init() must have been called.
class MediaReader {
 public:
  /// `file`: a path or a URI. Nothing of more than `max_pixels` is decoded. `film`: which of the video tracks, from 0.
  /// `patience`: a file has ended when it has not grown for so many seconds; 0 for one that is whole. Throws MediaError
  /// if there is no such file.
  MediaReader(const std::string& file, std::int64_t max_pixels, int film = 0, double patience = 0);
  ~MediaReader();
  MediaReader(const MediaReader&) = delete;
  MediaReader& operator=(const MediaReader&) = delete;

  /// Hands over the next frame of the video track, or of the first picture if there is none; false at the end.
  /// Throws MediaError if there is nothing to decode. Damage after the first frame ends the file instead: see damage().
  bool next(const std::function<void(const MediaFrame&)>& use);

  /// Frames before that time, seconds, need not all be handed over, where those around them are: see GroupSkipper. 0
  /// (the default) forbids it. What is on its way through the decoder is handed over all the same.
  void leave_out_until(double time);
  /// Whether any frame was left out so far.
  bool left_out() const;

  /// The frame that next() is handing over as a small JPEG file in base64; empty if it cannot be made.
  std::string thumbnail() const;

  /// Seconds, once the first frame has come; 0 if the file does not say, and for an image.
  double duration() const;
  /// Video tracks, once the first frame has come: all picture tracks but still ones, such as covers.
  int films() const;
  /// Picture tracks that are not read, once the first frame has come.
  int other_tracks() const;
  /// Why the file ended early; empty if it did not.
  const std::string& damage() const;

 private:
  struct Pipeline;
  std::unique_ptr<Pipeline> pipeline_;
};

}  // namespace trace
