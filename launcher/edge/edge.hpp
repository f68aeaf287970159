// The edge of A/B watermarking: which file a viewer's request gets, if any.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "playlist.hpp"
#include "segment_format.hpp"
#include "token_office.hpp"

namespace launcher {

/// Why a request gets nothing.
class EdgeRefusal : public std::runtime_error {
 public:
  EdgeRefusal(unsigned status, const std::string& sentence) : std::runtime_error(sentence), status_(status) {}
  unsigned status() const { return status_; }  ///< of HTTP

 private:
  unsigned status_;
};

struct MediaSettings {
  std::string folder;  ///< with a folder for each variant: a, b, …; and one called sound, if there is any
  std::string playlist = "index.m3u8";  ///< in each of them, and what viewers ask for
  std::uint32_t first_position = 0;     ///< of the segment with the number 0
};

/// What a request gets.
struct Served {
  std::string token;  ///< its UUID
  std::string viewer;
  std::string folder = "a";  ///< of the variant, or "sound"; of a playlist the one that it was taken from
  std::string path;          ///< of a segment; empty for a playlist
  std::string text;          ///< of the playlist
};

/// Names are neutral: nothing in what a viewer asks for, or is told, says which variant it is. All methods may be
/// called from any thread.
class Edge {
 public:
  static constexpr const char* kPrefix = "/watch/";
  static constexpr const char* kSound = "sound";         ///< a rendition of its own, the same for everybody
  static constexpr const char* kMaster = "master.m3u8";  ///< names the picture's playlist and the sound's

  /// `office` outlives it. `format` is asked once for each file.
  Edge(MediaSettings settings, TokenOffice& office, FormatReader format);

  /// A token and the name of a segment or a playlist, with sound/ before those of the sound, both as in the request,
  /// without anything decoded. Throws
  /// EdgeRefusal: 401 without a token, 403 for one that is not taken, 404 for a name that is no segment in the window,
  /// 503 where the file of this variant is missing or the playlists cannot be read.
  Served serve(std::string_view token, std::string_view name);
  /// The same for a path of the form /watch/TOKEN/NAME, with or without a query.
  Served serve_path(std::string_view path);
  /// Of the segment whose name ends a path, with or without a query; nothing for any other name.
  std::optional<std::uint32_t> position(std::string_view path) const;

 private:
  Served serve(const TokenOffice::Holder& holder, std::string_view name);
  /// The one that ends first. Throws EdgeRefusal.
  Playlist playlist();
  /// As the file in the folder is now; mutex_ is held. Throws EdgeRefusal.
  const Playlist& playlist_of(const std::string& folder);
  /// Of the picture's segments, and none but these while they come: the sound needs no encoder, so that its playlist
  /// ends later, and players begin a few segments before the end. Nothing if there is no sound for them. Throws
  /// EdgeRefusal.
  std::optional<Playlist> sound_of(const Playlist& picture);
  bool has_sound() const;
  std::string master();
  /// Of the last segment in a playlist of the folder.
  std::optional<SegmentFormat> format_of(const std::string& folder, const Playlist& list);
  std::string path_of(const std::string& folder, std::string_view name) const;
  /// Throws EdgeRefusal if there is no such file.
  std::string file_of(const std::string& folder, std::string_view name) const;

  struct Read {
    std::filesystem::file_time_type time;
    std::uintmax_t size;
    Playlist playlist;
  };
  struct Formatted {
    std::string path;
    std::optional<SegmentFormat> format;
  };
  MediaSettings settings_;
  TokenOffice& office_;
  FormatReader format_;
  std::mutex mutex_;                          ///< guards what follows
  std::map<std::string, Read> lists_;         ///< by folder
  std::map<std::string, Formatted> formats_;  ///< by folder
};

}  // namespace launcher
