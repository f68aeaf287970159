// FLV tags, as far as serving them needs (Adobe, "Video File Format Specification" 10.1, annex E).
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace launcher {

// Bytes of what stands around the bodies of tags.
constexpr std::size_t kFileHeader = 9 + 4;
constexpr std::size_t kTagHeader = 11;
constexpr std::size_t kTrailer = 4;

enum class TagKind {
  metadata,
  video_config,  ///< the decoder's configuration
  audio_config,
  key_frame,
  video,  ///< a frame that needs others
  audio
};

/// One tag with the size field that follows it. The bytes are borrowed.
struct FlvTag {
  TagKind kind = TagKind::metadata;
  std::uint32_t timestamp = 0;  ///< milliseconds
  const std::uint8_t* data = nullptr;
  std::size_t size = 0;
};

/// All whole tags in the bytes; a file header before them is skipped, and so are tags of other kinds than the above.
/// What is cut off or damaged ends the list.
std::vector<FlvTag> split_flv(const std::uint8_t* data, std::size_t size);

/// The tag's bytes with another timestamp.
std::string with_timestamp(const FlvTag& tag, std::uint32_t timestamp);

/// The header that a file or stream begins with, for the tracks that it has.
std::string flv_header(bool video, bool audio);

/// Timestamps that never jump, though those of the source do: when it returns after a break, when it restarts its
/// clock. Starts at 0.
class FlvTimeline {
 public:
  /// The timestamp for a tag that has `timestamp` in `session` (a number that is new whenever the source began anew)
  /// and arrived at `now` (milliseconds of any monotonic clock).
  std::uint32_t map(std::uint64_t session, std::uint32_t timestamp, std::int64_t now);

  /// The timestamp for a tag that is made up at `now`, while the source is away.
  std::uint32_t fill(std::int64_t now);

 private:
  bool begun_ = false;
  std::uint64_t session_ = 0;
  std::int64_t offset_ = 0;    ///< from the source's timestamps to ours
  std::int64_t last_in_ = 0;   ///< of the source
  std::int64_t last_out_ = 0;  ///< largest so far
  std::int64_t last_time_ = 0;
};

}  // namespace launcher
