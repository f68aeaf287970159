// Names what an FLV or RTMP source sends that flvdemux does not know, from the tags themselves: it says nothing of its
// own. Formats: Adobe's FLV 10.1 annex E, Enhanced RTMP v1 and v2, and codec id 12 as others use it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace launcher {

class FlvSource {
 public:
  /// Looks at the bytes that a source put out at once: whole tags, perhaps after a file header. False if they are one
  /// tag with what flvdemux does not know, and that must not reach it.
  bool look(const std::uint8_t* data, std::size_t size);

  /// Codec and profile of a picture that flvdemux does not know, such as "HEVC, profile Main 10"; empty if there is
  /// none.
  const std::string& picture() const { return picture_; }

  /// The same, as the metadata announce it. A server that waits for a key frame may never send more of such a picture.
  const std::string& announced_picture() const { return announced_; }

  /// The codec of sound that flvdemux does not know; empty if there is none.
  const std::string& sound() const { return sound_; }

  /// True if a picture or sound has come, known or not. Servers greet whoever plays a stream with metadata, also one
  /// that nobody publishes.
  bool has_media() const { return has_media_; }

 private:
  bool look_at_tag(std::uint8_t type, const std::uint8_t* body, std::size_t size);

  std::string picture_;
  std::string announced_;
  std::string sound_;
  bool known_picture_ = false;
  bool has_media_ = false;
};

}  // namespace launcher
