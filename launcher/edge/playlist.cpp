// SPDX-License-Identifier: LGPL-2.1-or-later
#include "playlist.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace launcher {

std::optional<std::uint32_t> segment_number(std::string_view name) {
  const std::size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
  const std::string_view ending = name.substr(digits);
  if (digits < 1 || digits > 10 || (ending != ".ts" && ending != ".m4s" && ending != ".mp4")) return std::nullopt;
  std::uint32_t number = 0;
  if (std::from_chars(name.data(), name.data() + digits, number).ec != std::errc()) return std::nullopt;
  return number;
}

namespace {

constexpr std::string_view kLength = "#EXTINF:";
constexpr std::string_view kSequence = "#EXT-X-MEDIA-SEQUENCE:";

}  // namespace

Playlist::Playlist(std::string text) : text_(std::move(text)) {
  std::uint32_t count = 0;
  double seconds = 0;
  std::size_t sequence_at = std::string::npos;
  std::string_view rest = text_;
  if (rest.substr(0, 7) != "#EXTM3U") throw PlaylistError("it is no HLS playlist");
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    ended_ |= line == "#EXT-X-ENDLIST";
    if (line.substr(0, kLength.size()) == kLength)
      seconds = std::atof(std::string(line.substr(kLength.size())).c_str());
    if (line.substr(0, kSequence.size()) == kSequence)
      sequence_at = static_cast<std::size_t>(line.data() - text_.data()) + kSequence.size();
    if (line.empty() || line.front() == '#') continue;
    const std::optional<std::uint32_t> number = segment_number(line);
    if (!number) throw PlaylistError("it lists something that is no segment with a neutral name, such as 000001.ts");
    if (count > 0 && *number <= last_) throw PlaylistError("the numbers of its segments do not rise");
    if (count == 0) first_ = *number;
    last_ = *number;
    count += 1;
    segments_.push_back({std::string(line), *number, std::exchange(seconds, 0), text_.size() - rest.size()});
  }
  if (count == 0) throw PlaylistError("it has no segments yet");
  if (sequence_at != std::string::npos) {
    const std::size_t digits = text_.find_first_not_of("0123456789", sequence_at) - sequence_at;
    const std::string sequence = std::to_string(first_);
    text_.replace(sequence_at, digits, sequence);
    for (ListedSegment& segment : segments_)
      if (segment.end > sequence_at) segment.end = segment.end - digits + sequence.size();
  }
  if (!ended_) first_ -= std::min(first_, count);
}

std::optional<Playlist> Playlist::within(std::uint32_t from, std::uint32_t to) const {
  std::size_t begin = text_.find(kLength);
  std::string text = text_.substr(0, begin);
  bool any = false;
  for (const ListedSegment& segment : segments_) {
    const bool wanted = segment.number >= from && segment.number <= to;
    if (wanted) text += text_.substr(begin, segment.end - begin);
    any |= wanted;
    begin = segment.end;
  }
  if (!any) return std::nullopt;
  return Playlist(last_ <= to ? text + text_.substr(begin) : text);
}

}  // namespace launcher
