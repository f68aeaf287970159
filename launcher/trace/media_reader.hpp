// Decodes a video or an image to planes of luma and chroma.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include "frame_reader.hpp"

namespace trace {

/// A file that cannot be decoded. what() is a sentence that says what to do.
class MediaError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Anything that GStreamer can decode, as fast as it goes. gst_init() must have been called.
class MediaReader : public FrameReader {
 public:
  /// `file`: a path or a URI. Nothing of more than `max_pixels` is decoded. `film`: which of the video tracks, from 0.
  /// `patience`: a file has ended when it has not grown for so many seconds; 0 for one that is whole. Throws MediaError
  /// if there is no such file.
  MediaReader(const std::string& file, std::int64_t max_pixels, int film = 0, double patience = 0);
  ~MediaReader() override;
  MediaReader(const MediaReader&) = delete;
  MediaReader& operator=(const MediaReader&) = delete;

  /// Of the video track, or of the first picture if there is none. Throws MediaError if there is nothing to decode.
  /// Damage after the first frame ends the file instead: see damage().
  bool next(const std::function<void(const MediaFrame&)>& use) override;

  /// Left out is what those around it vouch for: see GroupSkipper. What is on its way through the decoder is handed
  /// over all the same.
  void leave_out_until(double time) override;
  bool left_out() const override;
  std::string thumbnail() const override;
  double duration() const override;
  int films() const override;
  int other_tracks() const override;
  std::string damage() const override;

 private:
  struct Pipeline;
  std::unique_ptr<Pipeline> pipeline_;
};

}  // namespace trace
