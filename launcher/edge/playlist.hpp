// The segments of an HLS playlist: what a viewer may ask for.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace launcher {

/// The number in a neutral name of a segment: 1 to 10 digits, of 32 bits, and an ending of ts, m4s or mp4. Nothing for
/// any other name.
std::optional<std::uint32_t> segment_number(std::string_view name);

/// A playlist that no edge can serve.
class PlaylistError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct ListedSegment {
  std::string name;
  std::uint32_t number;
  double seconds;   ///< 0 if the playlist does not say it
  std::size_t end;  ///< of its line in text()
};

/// A media playlist (RFC 8216) whose segments are files beside it with numbers for names.
class Playlist {
 public:
  /// Throws PlaylistError: names that are no segment's, numbers that do not rise, nothing in it.
  explicit Playlist(std::string text);

  /// As it was, but for EXT-X-MEDIA-SEQUENCE, which is the first segment's number: whoever wrote the playlist may count
  /// from 0 when a stream comes back, and players must not be sent back.
  const std::string& text() const { return text_; }
  bool ended() const { return ended_; }  ///< it says that nothing more comes
  /// The same with the segments from one number to another alone; nothing if there are none.
  std::optional<Playlist> within(std::uint32_t from, std::uint32_t to) const;
  const std::vector<ListedSegment>& segments() const { return segments_; }
  std::uint32_t first() const { return first_; }  ///< that has()
  std::uint32_t last() const { return last_; }
  /// Whether the number is in the window: in the playlist, or, while that grows, not longer gone from it than it is
  /// long, so that players that are late still get what they were told of.
  bool has(std::uint32_t number) const { return number >= first_ && number <= last_; }

 private:
  std::string text_;
  std::vector<ListedSegment> segments_;
  std::uint32_t first_ = 0;
  std::uint32_t last_ = 0;
  bool ended_ = false;
};

}  // namespace launcher
